import { beforeEach, describe, expect, test } from "vitest";
import { DataLoader } from "../../src/data/index.ts";
import { crossEntropy } from "../../src/losses/index.ts";
import { type Module, Sequential } from "../../src/nn/index.ts";
import { Adam, Momentum, SGD } from "../../src/optim/index.ts";
import * as random from "../../src/random/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";
import { drift } from "./drift.ts";
import { recordingHost } from "./host.ts";
import { digitsParts, shuffled, smallNetwork } from "./problem.ts";

beforeEach(() => random.seed(1));

describe("learningRateFinder", () => {
  test("the rates grow by one factor; on digits the suggestion learns, and what explodes is beyond it", async () => {
    const { training } = await digitsParts();
    const model = smallNetwork();
    const optimizer = new SGD(model.parameters());
    const search = await train.learningRateFinder(model, {
      data: shuffled(training),
      loss: crossEntropy,
      optimizer,
      lowest: 1e-4,
      highest: 100,
    });
    const { learningRates, losses, suggestion } = search;
    expect(learningRates[0]).toBe(1e-4);
    for (let index = 1; index < learningRates.length; index++)
      expect(learningRates[index] / learningRates[index - 1]).toBeCloseTo(10 ** (6 / 99), 9);
    expect(losses).toHaveLength(learningRates.length);
    expect(learningRates.length).toBeLessThan(100);
    expect(suggestion).toBeGreaterThan(0.01);
    expect(suggestion).toBeLessThan(5);
    expect(search.toString()).toMatch(/^learningRateFinder: tried 1e-4 to .+; the loss falls fastest at/);
  });

  test("every rate is used: by hand on one weight", async () => {
    const { model, options } = drift();
    const { learningRates, losses, smoothed } = await train.learningRateFinder(model, {
      ...options,
      lowest: 1 / 64,
      highest: 1 / 16,
      steps: 3,
    });
    expect(learningRates[1]).toBeCloseTo(1 / 32, 12);
    // w = 0, then 2/64·3, then 2/32 of the rest further.
    const w1 = (2 / 64) * 3;
    const w2 = w1 + (2 / 32) * (3 - w1);
    [9, (w1 - 3) * (w1 - 3), (w2 - 3) * (w2 - 3)].forEach((expected, step) =>
      expect(losses[step]).toBeCloseTo(expected, 5),
    );
    expect(smoothed[1]).toBeCloseTo((0.9 * 0.1 * losses[0] + 0.1 * losses[1]) / (1 - 0.81), 10);
  });

  test("an interrupt ends it with what there is", async () => {
    const { model, options } = drift();
    const { result } = await recordingHost(
      () => train.learningRateFinder(model, { ...options, steps: 50 }),
      () => true,
    );
    expect(result.learningRates).toHaveLength(1);
    expect(result.suggestion).toBeUndefined();
  });

  test.each([
    [{ lowest: 0 }, "learningRateFinder: needs 0 < lowest < highest, got 0 and 10"],
    [{ lowest: 2, highest: 1 }, "learningRateFinder: needs 0 < lowest < highest, got 2 and 1"],
    [{ steps: 1 }, "learningRateFinder: steps must be an integer >= 2, got 1"],
  ])("%j is refused", async (given, message) => {
    const { model, options } = drift();
    await expect(train.learningRateFinder(model, { ...options, ...given })).rejects.toThrow(message);
  });
});

describe("overfitOneBatch", () => {
  test("passes where model, loss and optimizer fit together", async () => {
    const { training } = await digitsParts();
    const model = smallNetwork();
    const optimizer = new Adam(model.parameters(), { learningRate: 0.01 });
    const report = await train.overfitOneBatch(model, {
      data: shuffled(training),
      loss: crossEntropy,
      optimizer,
    });
    expect(report.passed).toBe(true);
    expect(report.losses).toHaveLength(201);
    expect(report.toString()).toMatch(
      /^overfitOneBatch: passed, loss 2\.\d+ → 0\.0\d+ in 200 steps on one batch$/,
    );
  });

  test("fails where gradients are cut off, and says where to look", async () => {
    const { training } = await digitsParts();
    const whole = smallNetwork();
    const cut = new Sequential(...whole.layers);
    cut.forward = (x: Tensor) => whole.forward(x).mul(1e-6);
    const optimizer = new SGD(whole.parameters(), { learningRate: 0.01 });
    const report = await train.overfitOneBatch(cut, {
      data: shuffled(training),
      loss: crossEntropy,
      optimizer,
      steps: 20,
    });
    expect(report.passed).toBe(false);
    expect(report.toString()).toContain("look at the learning rate");
  });
});

test.each([
  ["learningRateFinder", train.learningRateFinder],
  ["overfitOneBatch", train.overfitOneBatch],
] as const)("%s leaves no trace: training afterwards is what it would have been", async (_, trial) => {
  const { training } = await digitsParts();
  // A loader draws from the session's generator, or from its own.
  const run = async (withTrial: boolean, seed?: number): Promise<number[]> => {
    random.seed(6);
    const model: Module = smallNetwork().eval();
    const optimizer = new Momentum(model.parameters(), { learningRate: 0.05 });
    const data = new DataLoader(training, {
      batchSize: 64,
      shuffle: true,
      ...(seed !== undefined && { seed }),
    });
    const options = { data, loss: crossEntropy, optimizer };
    const before = [model.stateDict(), Tensor.memory().tensors, model.training];
    if (withTrial) {
      await trial(model, { ...options, steps: 20 });
      expect([model.stateDict(), Tensor.memory().tensors, model.training]).toEqual(before);
      expect(optimizer.learningRate).toBe(0.05);
      expect(optimizer.steps).toBe(0);
    }
    return (await train.fit(model, { ...options, epochs: 1, progress: false })).stepLosses;
  };
  expect(await run(true)).toEqual(await run(false));
  expect(await run(true, 5)).toEqual(await run(false, 5));
});

test.each([
  ["learningRateFinder", train.learningRateFinder],
  ["overfitOneBatch", train.overfitOneBatch],
] as const)("%s of nothing is an error", async (name, trial) => {
  const { model, options } = drift();
  const data = new DataLoader(options.validation!, { batchSize: 2, dropLast: true });
  await expect(trial(model, { ...options, data })).rejects.toThrow(`${name}: data has no batch`);
});
