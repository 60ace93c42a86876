import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DataLoader, TensorDataset } from "../../src/data/index.ts";
import { meanSquaredError } from "../../src/losses/index.ts";
import { BatchNorm1d, Linear, Module, Sequential } from "../../src/nn/index.ts";
import { SGD } from "../../src/optim/index.ts";
import * as random from "../../src/random/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";
import { drift, driftWeights } from "./drift.ts";

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => void (warn = vi.spyOn(console, "warn").mockImplementation(() => {})));
afterEach(() => warn.mockRestore());

class Logarithm extends Module {
  forward(x: Tensor): Tensor {
    return x.log();
  }
}

const pairs = (inputs: number[], targets: number[]): DataLoader => {
  const rows = (values: number[]) => ({ data: Float32Array.from(values), shape: [values.length, 1] });
  return new DataLoader(new TensorDataset(rows(inputs), rows(targets)), { batchSize: 2 });
};

const identity = (): Linear => new Linear(1, 1, { init: (shape) => Tensor.ones(shape) });

async function failureOf(
  model: Module,
  data: DataLoader,
  options: Partial<train.FitOptions> = {},
): Promise<train.History> {
  const optimizer = new SGD(model.parameters(), { learningRate: 0 });
  const fitted = { data, loss: meanSquaredError, optimizer, epochs: 3, progress: false, ...options };
  return await train.fit(model, fitted);
}

describe("a loss that is not finite", () => {
  test("names step, epoch and the layer where it arose, keeps the history, and is shown with it", async () => {
    const model = new Sequential(identity(), new Sequential(new Logarithm(), identity()), identity());
    const before = model.stateDict();
    const history = await failureOf(model, pairs([1, 2, 3, -4, 5, 6], [1, 1, 1, 1, 1, 1]));
    const message =
      "fit: training diverged: the loss at step 2 (epoch 1) is not a finite number, so its training ended there. " +
      "It first arose in layer 1.0 (Logarithm), which made NaN from an input that is finite. Try a smaller " +
      "learningRate (it is 0), inputs scaled to about [0, 1], or a loss that takes logits.";
    expect(warn.mock.calls).toEqual([[message]]);
    expect([history.status, history.failure, history.stepLosses.length]).toEqual(["diverged", message, 1]);
    expect(history.toString()).toContain(message);
    expect(model.stateDict()).toEqual(before);
    expect(Object.hasOwn(model.layers[0], "forward")).toBe(false);
  });

  test("or inputs, labels, weights, the loss, the regularizer", async () => {
    const told = async (...given: Parameters<typeof failureOf>): Promise<string> =>
      (await failureOf(...given)).failure ?? "";
    expect(await told(identity(), pairs([1, NaN], [1, 1]))).toContain(
      "The inputs of the batch already hold NaN; look for gaps in the data.",
    );
    expect(await told(identity(), pairs([1, 1], [1, -Infinity]))).toContain(
      "The labels of the batch already hold ∞; look for gaps in the data.",
    );
    const broken = new Sequential(identity(), identity());
    broken.layers[1].weight.raw.data[0] = NaN;
    expect(await told(broken, pairs([1, 1], [1, 1]))).toContain(
      "The weights 1.weight already hold NaN: an earlier step was too large, or its gradient overflowed.",
    );
    const loss = (x: Tensor, y: Tensor): Tensor => x.sub(y).mean().log();
    expect(await told(identity(), pairs([1, 1], [1, 1]), { loss })).toContain(
      "It first arose in the loss itself: the model's output for this batch is finite.",
    );
    const regularizer = (parameters: Iterable<Tensor>): Tensor => [...parameters][0].mul(0).log().sum();
    expect(await told(identity(), pairs([1, 1], [1, 1]), { regularizer })).toContain(
      "It first arose in the regularizer.",
    );
  });

  test("a layer that draws random numbers draws the same again", async () => {
    class Rarely extends Module {
      forward(x: Tensor): Tensor {
        return x.mul(random.defaultGenerator().uniform() < 0.05 ? Infinity : 1);
      }
    }
    random.seed(2);
    const model = new Sequential(identity(), new Rarely(), identity());
    const history = await failureOf(model, pairs([1, 1], [1, 1]), { epochs: 500 });
    expect(history.stepLosses.length).toBeGreaterThan(3);
    expect(history.failure).toContain("layer 1 (Rarely), which made ∞ from an input that is finite");
  });

  test("running statistics are what they were before the failed step", async () => {
    const model = new Sequential(identity(), new BatchNorm1d(1), new Logarithm());
    const before = model.stateDict();
    const history = await failureOf(model, pairs([1, 2], [1, 1]));
    expect(history.failure).toContain("layer 2 (Logarithm), which made NaN");
    expect(model.stateDict()).toEqual(before);
  });

  test("memory is as before, apart from the parameters' gradients", async () => {
    const model = new Sequential(identity(), new Logarithm());
    const before = Tensor.memory().tensors;
    await failureOf(model, pairs([-1, 1], [1, 1]));
    expect(Tensor.memory().tensors).toBe(before);
  });
});

describe("regularizer and metrics", () => {
  test("the penalty joins what is minimized, and the history keeps it apart from the loss", async () => {
    const { model, options } = drift();
    const regularizer = (parameters: Iterable<Tensor>): Tensor => [...parameters][0].abs().sum().mul(2);
    const history = await train.fit(model, { ...options, regularizer, epochs: 2 });
    // The slope of 2|w| takes 2/16 off each step; at w = 0 it is 0.
    const w = driftWeights[0];
    expect(model.weight.item()).toBe(w + (3 - w) / 8 - 2 / 16);
    expect(history.epochs.map(({ loss, penalty }) => [loss, penalty])).toEqual([
      [9, 0],
      [Math.fround((w - 3) * (w - 3)), 2 * w],
    ]);
    expect(history.epochs[0].validationLoss).toBe(Math.fround((w - 1) * (w - 1)));
    expect(history.toString()).toContain("penalty 0.7500");
  });

  test("metrics are means over the examples, a smaller last batch weighed as such", async () => {
    const data = pairs([1, 2, 3], [0, 0, 0]);
    const metrics = { sum: (x: Tensor) => x.sum().item(), two: () => 2 };
    const history = await failureOf(identity(), data, { metrics, epochs: 1, validation: data.dataset });
    expect(history.epochs[0].metrics).toEqual({ sum: (2 * 3 + 1 * 3) / 3, two: 2 });
    expect(history.epochs[0].validationMetrics).toEqual({ sum: 6, two: 2 });
    const { metrics: evaluated } = train.evaluate(identity(), data.dataset, {
      loss: meanSquaredError,
      metrics,
    });
    expect(evaluated).toEqual({ sum: 6, two: 2 });
    expect(train.evaluate(identity(), data.dataset, { loss: meanSquaredError }).metrics).toBeUndefined();
  });

  test("data without a batch is an error, not an epoch of NaN", async () => {
    const data = new DataLoader(pairs([1], [1]).dataset, { batchSize: 2, dropLast: true });
    await expect(failureOf(identity(), data)).rejects.toThrow(
      "fit: data has no batch; is the data set empty, or smaller than a batch with dropLast?",
    );
  });

  test("evaluation gives each module its own mode back", () => {
    const model = new Sequential(identity(), identity());
    model.layers[1].eval();
    train.evaluate(model, pairs([1], [1]).dataset, { loss: meanSquaredError });
    expect(model.namedModules().map(([name, { training }]) => [name, training])).toEqual([
      ["", true],
      ["0", true],
      ["1", false],
    ]);
  });
});
