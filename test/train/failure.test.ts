import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Batch, DataLoader, type Dataset, TensorDataset } from "../../src/data/index.ts";
import { meanSquaredError } from "../../src/losses/index.ts";
import { BatchNorm1d, Linear, Sequential } from "../../src/nn/index.ts";
import { Adam, Nesterov, SGD } from "../../src/optim/index.ts";
import * as plot from "../../src/plot/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";
import { ShapeError } from "../../src/util/errors.ts";
import { recordingHost, textOf } from "./host.ts";

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => void (warn = vi.spyOn(console, "warn").mockImplementation(() => {})));
afterEach(() => warn.mockRestore());

/** Six examples of two numbers, whose sum is to be found: three batches an epoch. */
const sums = (): TensorDataset =>
  new TensorDataset(
    { data: Float32Array.from({ length: 12 }, (_, index) => index / 12), shape: [6, 2] },
    { data: Float32Array.from({ length: 6 }, (_, index) => (4 * index + 1) / 12), shape: [6, 1] },
  );
const network = (): Sequential => new Sequential(new Linear(2, 3), new BatchNorm1d(3), new Linear(3, 1));

/** What `fit` threw; it must throw. */
async function failed(
  model: Sequential,
  options: Partial<train.FitOptions>,
): Promise<Error & { histories?: Record<string, train.History> }> {
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const work = train.fit(model, {
    data: new DataLoader(sums(), { batchSize: 2 }),
    loss: meanSquaredError,
    optimizer,
    epochs: 5,
    progress: false,
    ...options,
  });
  return await work.then(
    () => expect.unreachable("it did not fail"),
    (error: unknown) => error as Error,
  );
}

/** Throws at its n-th call. */
function thrownAt(call: number, error: Error): () => void {
  let calls = 0;
  return () => {
    if (++calls === call) throw error;
  };
}

describe("an error in the midst of training loses nothing:", () => {
  const error = new Error("on purpose");
  const inEpoch3 = { epochs: 2, steps: 7 };

  test.each<[string, () => Partial<train.FitOptions>, { epochs: number; steps: number }]>([
    ["a callback's onStep", () => ({ callbacks: [{ onStep: thrownAt(7, error) }] }), inEpoch3],
    [
      "a promise of a callback's onEpoch",
      () => {
        const third = thrownAt(3, error);
        return { callbacks: [{ onEpoch: async () => third() }] };
      },
      { epochs: 3, steps: 9 },
    ],
    [
      "the loader",
      () => {
        const inner = sums();
        const eighth = thrownAt(8, error);
        const data: Dataset = { length: 6, batch: (indices): Batch => (eighth(), inner.batch(indices)) };
        return { data: new DataLoader(data, { batchSize: 2 }) };
      },
      inEpoch3,
    ],
    [
      "the loss",
      () => {
        const eighth = thrownAt(8, error);
        return { loss: (prediction, target) => (eighth(), meanSquaredError(prediction, target)) };
      },
      inEpoch3,
    ],
    [
      "a metric on the validation examples",
      () => {
        const third = thrownAt(3 * 3 + 2 + 1, error);
        return { validation: sums(), metrics: { one: () => (third(), 1) } };
      },
      { epochs: 2, steps: 9 },
    ],
  ])("%s", async (_name, options, { epochs, steps }) => {
    const { result: found } = await recordingHost(() => failed(network(), options()));
    expect(found).toBe(error);
    const { training: history } = train.lastHistories();
    expect(found.histories).toEqual({ training: history });
    expect(Object.keys(found)).toEqual([]);
    expect([history.status, history.epochs.length, history.stepLosses.length]).toEqual([
      "failed",
      epochs,
      steps,
    ]);
    const failure = `fit: training failed after ${epochs} epochs, ${steps} steps: on purpose`;
    expect(history.failure).toBe(failure);
    expect(textOf(history)).toContain(failure);
    expect(warn.mock.calls).toEqual([
      ["fit: an error ended training; train.lastHistories() holds what was done until then"],
    ]);
    expect(plot.lossCurves(train.lastHistories())).toBeInstanceOf(plot.Figure);
  });

  test("a wrong shape in epoch 3, with parameters and running statistics as after the last step", async () => {
    const model = network();
    const states: unknown[] = [];
    const inner = sums();
    let batches = 0;
    const data: Dataset = {
      length: 6,
      batch(indices): Batch {
        const batch = inner.batch(indices);
        return ++batches === 8 ? { ...batch, labels: Tensor.zeros([3, 1]) } : batch;
      },
    };
    const found = await failed(model, {
      data: new DataLoader(data, { batchSize: 2 }),
      optimizer: new Nesterov(model.parameters(), { learningRate: 0.1 }),
      callbacks: [{ onStep: () => void states.push(model.stateDict()) }],
    });
    expect(found).toBeInstanceOf(ShapeError);
    expect(states).toHaveLength(7);
    expect(model.stateDict()).toEqual(states[6]);
    expect(train.lastHistories().training.stepLosses).toHaveLength(7);
  });

  test("and leaves no tensor behind, but the parameters' gradients", async () => {
    const model = network();
    const gradients = (): number => model.parameters().filter(({ grad }) => grad).length;
    for (const options of [
      { callbacks: [{ onStep: thrownAt(4, error) }] },
      { metrics: { one: thrownAt(5, error) as () => number } },
      { loss: (x: Tensor, y: Tensor) => meanSquaredError(x.reshape([y.size(0), 3]), y) },
    ]) {
      const data = new DataLoader(sums(), { batchSize: 2 });
      const before = Tensor.memory().tensors - gradients();
      await failed(model, { data, ...options });
      expect(Tensor.memory().tensors - gradients()).toBe(before);
      expect([...data]).toHaveLength(3);
    }
  });

  test("callbacks are told of the end, so the best weights come back", async () => {
    const model = network();
    const weights: unknown[] = [];
    const ends: string[] = [];
    const losses = [1, 0.5, 2, 3];
    await failed(model, {
      callbacks: [
        train.earlyStopping({ monitor: ({ epoch }) => losses[epoch - 1] }),
        { onEpoch: () => void weights.push(model.stateDict()) },
        { onEpoch: thrownAt(4, error), onEnd: ({ status }) => void ends.push(status) },
      ],
    });
    expect(ends).toEqual(["failed"]);
    expect(model.stateDict()).toEqual(weights[1]);
    expect(train.lastHistories().training.restoredEpoch).toBe(2);
  });

  test("nor does one in its last picture", async () => {
    const live = ({ training }: Record<string, train.History>): string => {
      if (training.status === "finished") throw error;
      return "a picture";
    };
    const { result: found } = await recordingHost(() => failed(network(), { live }));
    expect([found, found.histories?.training.epochs.length]).toEqual([error, 5]);
  });

  test("an error in onEnd keeps none from its end, and the first is thrown", async () => {
    const ends: string[] = [];
    const found = await failed(network(), {
      epochs: 1,
      callbacks: [
        { onEnd: thrownAt(1, error) },
        { onEnd: async () => Promise.reject(new Error("the second")) },
        { onEnd: ({ status }) => void ends.push(status) },
      ],
    });
    expect(found).toBe(error);
    expect(ends).toEqual(["finished"]);
    expect(train.lastHistories().training).toMatchObject({ status: "finished", failure: undefined });
    expect(warn.mock.calls[0]).toEqual(["fit: another error in the end: the second"]);
  });

  test("all histories of a race", async () => {
    const race = train.compareOptimizers({
      model: network,
      optimizers: {
        SGD: (parameters) => new SGD(parameters, { learningRate: 0.1 }),
        Adam: (parameters) => new Adam(parameters),
      },
      data: sums(),
      batchSize: 2,
      loss: meanSquaredError,
      epochs: 4,
      progress: false,
      callbacks: [{ onStep: thrownAt(3 * 2 + 3 + 2, error) }],
    });
    await expect(race).rejects.toBe(error);
    const { SGD: first, Adam: second } = train.lastHistories();
    expect([first, second].map(({ status, stepLosses }) => [status, stepLosses.length])).toEqual([
      ["failed", 6],
      ["failed", 5],
    ]);
    expect(first.failure).toBe("compareOptimizers: Adam failed after 1 epoch, 5 steps: on purpose");
  });

  test("what is thrown need not be an error, nor open to more properties", async () => {
    for (const thrown of ["a word", Object.freeze(new Error("frozen"))]) {
      const onStep = (): never => {
        throw thrown;
      };
      expect(await failed(network(), { callbacks: [{ onStep }] })).toBe(thrown);
      expect(train.lastHistories().training.stepLosses).toHaveLength(1);
    }
  });
});

test("a training that fails in its first step leaves the last histories in place too", async () => {
  await failed(network(), { callbacks: [{ onStep: thrownAt(2, new Error("late")) }] });
  const before = train.lastHistories();
  warn.mockClear();
  const found = await failed(network(), {
    loss: () => {
      throw new Error("at once");
    },
  });
  expect([found.message, train.lastHistories()]).toEqual(["at once", before]);
  expect(warn).not.toHaveBeenCalled();
});

test("a training that is refused before its first step leaves the last histories in place", async () => {
  await failed(network(), { callbacks: [{ onStep: thrownAt(2, new Error("late")) }] });
  const before = train.lastHistories();
  warn.mockClear();
  const ends: string[] = [];
  const refused = await failed(network(), {
    callbacks: [{ onEnd: ({ status }) => void ends.push(status) }, train.earlyStopping()],
  });
  expect(refused.message).toContain("earlyStopping: the epochs have no validationLoss");
  expect(refused.histories).toBeUndefined();
  expect(ends).toEqual(["failed"]);
  expect(train.lastHistories()).toBe(before);
  expect(warn).not.toHaveBeenCalled();
});
