import { beforeEach, describe, expect, test, vi } from "vitest";
import { DataLoader, TensorDataset } from "../../src/data/index.ts";
import { crossEntropy } from "../../src/losses/index.ts";
import { Linear, Module, Sequential } from "../../src/nn/index.ts";
import { Adam, SGD } from "../../src/optim/index.ts";
import * as plot from "../../src/plot/index.ts";
import * as random from "../../src/random/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";
import { recordingHost, textOf } from "./host.ts";
import { digitsParts, shuffled, smallNetwork } from "./problem.ts";

const quiet = { progress: false } as const;
const meanSquaredError = (prediction: Tensor, target: Tensor): Tensor => {
  const difference = prediction.sub(target);
  return difference.mul(difference).mean();
};

/** y = 2x − 1 at 64 points. */
const line = (): TensorDataset => {
  const xs = Float32Array.from({ length: 64 }, (_, index) => index / 32 - 1);
  return new TensorDataset({ data: xs, shape: [64, 1] }, { data: xs.map((x) => 2 * x - 1), shape: [64, 1] });
};

beforeEach(() => random.seed(1));

describe("fit", () => {
  test("Adam learns digits: above 95 % on held-out examples in 15 epochs", async () => {
    const { training, validation } = await digitsParts();
    const model = smallNetwork();
    const history = await train.fit(model, {
      ...quiet,
      data: shuffled(training),
      validation,
      loss: crossEntropy,
      optimizer: new Adam(model.parameters(), { learningRate: 0.01 }),
      epochs: 15,
    });
    expect(history.status).toBe("finished");
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual(
      Array.from({ length: 15 }, (_, index) => index + 1),
    );
    expect(history.stepLosses).toHaveLength(15 * 45);
    const last = history.epochs[14];
    expect(last.steps).toBe(15 * 45);
    expect(last.validationAccuracy).toBeGreaterThan(0.95);
    expect(last.loss).toBeLessThan(0.1);
    expect(history.seconds).toBeGreaterThan(0);
    expect(train.evaluate(model, validation, { loss: crossEntropy }).accuracy).toBe(last.validationAccuracy);
    expect(history.toString()).toMatch(
      /^History: finished after 15 epochs, 675 steps, loss [\d.e-]+, accuracy \d+\.\d %, validation loss/,
    );
  });

  test("a regression has no accuracy, and finds the line", async () => {
    const model = new Linear(1, 1);
    const history = await train.fit(model, {
      ...quiet,
      data: new DataLoader(line(), { batchSize: "all" }),
      loss: meanSquaredError,
      optimizer: new SGD(model.parameters(), { learningRate: 0.5 }),
      epochs: 100,
    });
    expect(history.epochs[99].accuracy).toBeUndefined();
    expect(model.weight.item()).toBeCloseTo(2, 3);
    expect(model.bias?.item()).toBeCloseTo(-1, 3);
  });

  test("the loss of an epoch is the mean over its examples, the smaller last batch weighed as such", async () => {
    const model = new Linear(1, 1);
    const dataset = new TensorDataset(line().inputs, line().labels);
    const history = await train.fit(model, {
      ...quiet,
      data: new DataLoader(dataset, { batchSize: 40 }),
      loss: meanSquaredError,
      optimizer: new SGD(model.parameters(), { learningRate: 0 }),
      epochs: 1,
    });
    const { loss } = train.evaluate(model, dataset, { loss: meanSquaredError });
    expect(history.epochs[0].loss).toBeCloseTo(loss, 6);
    expect(history.stepLosses[0]).not.toBeCloseTo(history.stepLosses[1], 3);
  });

  test("memory is the same after every epoch", async () => {
    const { training, validation } = await digitsParts();
    const model = smallNetwork();
    const counts: number[] = [];
    await train.fit(model, {
      ...quiet,
      data: shuffled(training),
      validation,
      loss: crossEntropy,
      optimizer: new Adam(model.parameters()),
      epochs: 4,
      callbacks: [{ onEpoch: () => void counts.push(Tensor.memory().tensors) }],
    });
    expect(new Set(counts).size).toBe(1);
  });

  test("it says that it polls before anything shows, and takes it back when it ends or fails", async () => {
    const { training } = await digitsParts();
    const model = smallNetwork();
    const fit = (onEpoch: () => void) =>
      train.fit(model, {
        data: shuffled(training),
        loss: crossEntropy,
        optimizer: new SGD(model.parameters()),
        epochs: 1,
        callbacks: [{ onEpoch }],
      });
    const { shown, polled } = await recordingHost(() => fit(() => {}));
    expect(shown).toHaveLength(1);
    expect(polled).toEqual([{ shownBefore: 0, ended: true }]);
    const failed = await recordingHost(() =>
      fit(() => {
        throw new Error("on purpose");
      }).catch((error: Error) => error.message),
    );
    expect(failed.result).toBe("on purpose");
    expect(failed.polled).toEqual([{ shownBefore: 0, ended: true }]);
  });

  test("an interrupt ends it after the step under way, with the history so far", async () => {
    const { training } = await digitsParts();
    const model = smallNetwork();
    const tensors = Tensor.memory().tensors;
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    let history = new train.History();
    const { result } = await recordingHost(
      () =>
        train.fit(model, {
          ...quiet,
          data: shuffled(training),
          loss: crossEntropy,
          optimizer: new SGD(model.parameters()),
          epochs: 100,
          callbacks: [{ onStep: (current) => void (history = current) }],
        }),
      () => history.stepLosses.length === 50,
    );
    expect(result).toBe(history);
    // What is left is a gradient for each of the four parameters, no batch.
    expect(Tensor.memory().tensors).toBe(tensors + 4);
    expect([result.status, result.stepLosses.length, result.epochs.length]).toEqual(["interrupted", 50, 1]);
    expect(warn).toHaveBeenCalledWith("fit: interrupted; the histories hold what was done until then");
    warn.mockRestore();
  });

  test("a model that was in evaluation mode trains in training mode, and stays in it", async () => {
    class Watched extends Linear {
      readonly modes = new Set<boolean>();
      override forward(x: Tensor): Tensor {
        this.modes.add(this.training);
        return super.forward(x);
      }
    }
    const model = new Watched(1, 1).eval();
    const data = new DataLoader(line());
    const optimizer = new SGD(model.parameters());
    await train.fit(model, { ...quiet, data, loss: meanSquaredError, optimizer, epochs: 1 });
    expect([[...model.modes], model.training]).toEqual([[true], true]);
  });

  test("a callback ends it", async () => {
    const model = new Linear(1, 1);
    const history = await train.fit(model, {
      ...quiet,
      data: new DataLoader(line()),
      loss: meanSquaredError,
      optimizer: new SGD(model.parameters()),
      epochs: 10,
      callbacks: [{ onEpoch: ({ epochs }) => (epochs.length === 3 ? "stop" : undefined) }],
    });
    expect([history.status, history.epochs.length]).toEqual(["stopped", 3]);
  });

  test("a loss that is not finite ends it before the parameters change, and says what to try", async () => {
    const model = new Linear(1, 1);
    const optimizer = new SGD(model.parameters(), { learningRate: 1e20 });
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const history = await train.fit(model, {
      ...quiet,
      data: new DataLoader(line(), { batchSize: "all" }),
      loss: meanSquaredError,
      optimizer,
      epochs: 10,
    });
    expect(history.status).toBe("diverged");
    expect(history.stepLosses.every(Number.isFinite)).toBe(true);
    expect([...model.weight.data].every(Number.isFinite)).toBe(true);
    expect(optimizer.steps).toBe(history.stepLosses.length);
    expect(warn.mock.calls[0][0]).toMatch(
      /^fit: training diverged: the loss at step \d \(epoch \d\) is not a finite number.*Try a smaller learningRate \(it is 100000000000000000000\)/,
    );
    warn.mockRestore();
  });

  test("an error in the model ends it as that error, its displays finished", async () => {
    class Broken extends Module {
      inner = new Linear(1, 1);
      forward(x: Tensor): Tensor {
        return this.inner.forward(x.reshape([32, 2]));
      }
    }
    const model = new Broken();
    const options: train.FitOptions = {
      data: new DataLoader(line(), { batchSize: "all" }),
      loss: meanSquaredError,
      optimizer: new SGD(model.parameters()),
      epochs: 1,
    };
    await recordingHost(() => expect(train.fit(model, options)).rejects.toThrow(/\[32, 2\].*\[1, 1\]/));
  });

  test("mistakes are told before anything runs", async () => {
    const model = new Linear(1, 1);
    const options = { ...quiet, data: new DataLoader(line()), loss: meanSquaredError };
    const optimizer = new SGD(model.parameters());
    await expect(train.fit(model, { ...options, optimizer, epochs: 0 })).rejects.toThrow(
      new RangeError("fit: epochs must be an integer >= 1, got 0"),
    );
    const other = new SGD(new Linear(1, 1).parameters());
    await expect(train.fit(model, { ...options, optimizer: other, epochs: 1 })).rejects.toThrow(
      "fit: the optimizer holds no parameter of this model",
    );
  });
});

describe("what fit shows", () => {
  test("one figure and one line, drawn before the first step, again in between, and at the end", async () => {
    const { training, validation } = await digitsParts();
    const model = smallNetwork();
    const { result: history, shown } = await recordingHost(() =>
      train.fit(model, {
        data: shuffled(training),
        validation,
        loss: crossEntropy,
        optimizer: new Adam(model.parameters()),
        epochs: 3,
        live: plot.lossCurves,
      }),
    );
    expect(shown).toHaveLength(2);
    const [figure, line] = shown.map(({ states }) => states);
    expect(textOf(figure[0])).toBe("Training loss: training (no step yet)");
    expect(textOf(figure.at(-1))).toContain(`in ${history.stepLosses.length} steps`);
    const ids = figure.map(
      (state) => (state as { layout: { meta: { figureId: string } } }).layout.meta.figureId,
    );
    expect(new Set(ids).size).toBe(1);
    expect(textOf(line[0])).toBe("epoch 1/3 · loss – · starting");
    expect(textOf(line.at(-1))).toMatch(
      /^epoch 3\/3 · loss \d\.\d{4}, validation accuracy \d+\.\d % · \d+\.\d s$/,
    );
  });

  test("while it runs the line gives epoch, loss and the time left", async () => {
    const seen: string[] = [];
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const model = new Sequential(new Linear(1, 1));
      const { shown } = await recordingHost(() =>
        train.fit(model, {
          data: new DataLoader(line(), { batchSize: 16 }),
          loss: meanSquaredError,
          optimizer: new SGD(model.parameters()),
          epochs: 5,
          // Each step takes half a second of this clock.
          callbacks: [{ onStep: () => void vi.advanceTimersByTime(500) }],
        }),
      );
      seen.push(...shown[0].states.map(textOf));
    } finally {
      vi.useRealTimers();
    }
    expect(seen.some((text) => /^epoch 2\/5 · loss \d\.\d{4} · ETA \d+ s$/.test(text))).toBe(true);
  });

  test("updates come at most every 100 ms", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const model = new Linear(1, 1);
      const { shown } = await recordingHost(() =>
        train.fit(model, {
          data: new DataLoader(line(), { batchSize: 1 }),
          loss: meanSquaredError,
          optimizer: new SGD(model.parameters()),
          epochs: 2,
          // 128 steps of 10 ms are 1.28 s.
          callbacks: [{ onStep: () => void vi.advanceTimersByTime(10) }],
        }),
      );
      // The first state, one each 100 ms, and the last.
      expect(shown[0].states.length).toBeGreaterThanOrEqual(12);
      expect(shown[0].states.length).toBeLessThanOrEqual(1 + 12 + 1);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("evaluate and accuracy", () => {
  test("evaluate leaves mode, gradients and memory as they were, and batches do not matter", async () => {
    const { validation } = await digitsParts();
    const model = smallNetwork();
    const before = Tensor.memory().tensors;
    const whole = train.evaluate(model, validation, { loss: crossEntropy, batchSize: 359 });
    const parts = train.evaluate(model, validation, { loss: crossEntropy, batchSize: 7 });
    expect(parts.loss).toBeCloseTo(whole.loss, 5);
    expect(parts.accuracy).toBeCloseTo(whole.accuracy as number, 12);
    expect(Tensor.memory().tensors).toBe(before);
    expect(model.training).toBe(true);
    expect(model.parameters().every(({ grad }) => grad === null)).toBe(true);
  });

  test("accuracy counts examples whose greatest output is at the label, however labels are given", () => {
    const prediction = tensor([
      [3, 1, 2],
      [0, 0, 1],
      [0, 5, 9],
      [1, 0, 0],
    ]);
    expect(train.accuracy(prediction, [0, 2, 1, 0])).toBe(0.75);
    expect(train.accuracy(prediction, tensor([0, 2, 1, 0], { dtype: "int32" }))).toBe(0.75);
    const oneHot = tensor([
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect(train.accuracy(prediction, oneHot)).toBe(0.75);
    expect(() => train.accuracy(prediction, [0])).toThrow(
      "accuracy: labels [1] do not fit prediction [4, 3]; give [N, C] and N class indices, or both [N, C]",
    );
  });
});
