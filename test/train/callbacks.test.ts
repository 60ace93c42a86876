import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { crossEntropy } from "../../src/losses/index.ts";
import { readSafetensors } from "../../src/nn/index.ts";
import { Adam, SGD } from "../../src/optim/index.ts";
import * as plot from "../../src/plot/index.ts";
import * as random from "../../src/random/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";
import { drift, driftWeights } from "./drift.ts";
import { recordingHost } from "./host.ts";
import { digitsParts, shuffled, smallNetwork } from "./problem.ts";

const folder = mkdtempSync(join(tmpdir(), "gradbook-callbacks-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("hooks", () => {
  test("come in order, with the training they belong to; a promise of onEpoch is waited for", async () => {
    const { model, options } = drift();
    const calls: string[] = [];
    const note =
      (hook: string) =>
      (history: train.History, { parts, name }: train.Training): void => {
        expect([parts.model, parts.optimizer, name]).toEqual([model, options.optimizer, "training"]);
        calls.push(`${hook} ${history.stepLosses.length} ${history.status}`);
      };
    await train.fit(model, {
      ...options,
      epochs: 9,
      callbacks: [
        { onStart: note("start"), onStep: note("step"), onEpoch: note("epoch"), onEnd: note("end") },
        {
          async onEpoch(history) {
            await new Promise((resolve) => setImmediate(resolve));
            calls.push("waited");
            return history.epochs.length === 2 ? "stop" : undefined;
          },
        },
      ],
    });
    expect(calls).toEqual([
      "start 0 running",
      ...["step 1 running", "epoch 1 running", "waited"],
      ...["step 2 running", "epoch 2 running", "waited"],
      "end 2 stopped",
    ]);
  });
});

describe("checkpoint", () => {
  test("writes the best epoch, with its numbers, and the model takes it back", async () => {
    const { model, options } = drift();
    const path = join(folder, "a", "best.safetensors");
    await train.fit(model, { ...options, epochs: 5, callbacks: [train.checkpoint(path)] });
    expect(model.weight.item()).toBe(driftWeights[4]);
    await model.load(path);
    expect(model.weight.item()).toBe(driftWeights[2]);
    const { metadata } = await readSafetensors(path);
    const w = driftWeights[2];
    expect(metadata).toEqual({
      ...{ epoch: "3", steps: "3", checkpoint: expect.any(String) as string },
      loss: String(Math.fround((driftWeights[1] - 3) * (driftWeights[1] - 3))),
      validationLoss: String(Math.fround((w - 1) * (w - 1))),
    });
  });

  test("or every epoch, under its number", async () => {
    const { model, options } = drift();
    const path = join(folder, "b", "{name}-{epoch}.safetensors");
    const callbacks = [train.checkpoint(path, { onlyBest: false })];
    await train.fit(model, { ...options, name: "drift", epochs: 3, callbacks });
    expect(readdirSync(join(folder, "b")).sort()).toEqual(
      [1, 2, 3].map((epoch) => `drift-${epoch}.safetensors`),
    );
    await model.load(join(folder, "b", "drift-1.safetensors"));
    expect(model.weight.item()).toBe(driftWeights[0]);
  });

  test("two trainings of a race do not share a file", async () => {
    const path = join(folder, "c.safetensors");
    const { options } = drift();
    const race = train.compareOptimizers({
      model: () => drift().model,
      optimizers: {
        one: (parameters) => new SGD(parameters),
        two: (parameters) => new SGD(parameters),
      },
      data: options.validation!,
      loss: options.loss,
      epochs: 1,
      progress: false,
      callbacks: [train.checkpoint(path, { monitor: "loss" })],
    });
    await expect(race).rejects.toThrow(
      `checkpoint: one and two would write the same file ${path}; put {name} into the path`,
    );
    expect(existsSync(path)).toBe(false);
  });
});

describe("gradientNorms and weightHistograms", () => {
  test("norms of hand-made gradients", async () => {
    const { model, options } = drift();
    const history = await train.fit(model, {
      ...options,
      epochs: 4,
      callbacks: [train.gradientNorms({ every: 2 })],
    });
    // The gradient of (w − 3)² at the weight before steps 2 and 4.
    const expected = [driftWeights[0], driftWeights[2]].map((w) => 2 * (3 - w));
    expect(history.gradientNorms).toEqual([
      { step: 2, norms: { weight: expected[0] }, total: expected[0] },
      { step: 4, norms: { weight: expected[1] }, total: expected[1] },
    ]);
  });

  test("of several parameters: each √Σg², and all together", async () => {
    const model = smallNetwork();
    const { validation } = await digitsParts();
    const history = await train.fit(model, {
      data: shuffled(validation),
      loss: crossEntropy,
      optimizer: new Adam(model.parameters()),
      epochs: 1,
      progress: false,
      callbacks: [train.gradientNorms()],
    });
    const { norms, total, step } = history.gradientNorms.at(-1)!;
    expect([step, history.gradientNorms.length]).toEqual([12, 12]);
    expect(Object.keys(norms)).toEqual(["1.weight", "1.bias", "3.weight", "3.bias"]);
    for (const [name, { grad }] of model.namedParameters())
      expect(norms[name]).toBeCloseTo(Math.sqrt([...grad!.data].reduce((sum, g) => sum + g * g, 0)), 12);
    expect(total).toBeCloseTo(Math.hypot(...Object.values(norms)), 12);
  });

  test("histograms count every weight: equal bins from the least to the greatest", async () => {
    const { model, options } = drift();
    const wide = Object.assign(model, {
      ladder: Tensor.from([0, 1, 2, 3, 4, 8, NaN, Infinity], [8], { requiresGrad: true }),
    });
    const history = await train.fit(wide, {
      ...options,
      optimizer: new SGD([model.weight], { learningRate: 1 / 16 }),
      epochs: 2,
      callbacks: [train.weightHistograms({ bins: 4 })],
    });
    expect(history.weightHistograms.map(({ epoch, steps }) => [epoch, steps])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    expect(history.weightHistograms[0].histograms).toEqual({
      weight: { low: 0, high: 0, counts: [1, 0, 0, 0] },
      ladder: { low: 0, high: 8, counts: [2, 2, 1, 1] },
    });
    expect(history.weightHistograms[2].histograms.weight).toEqual({
      ...{ low: driftWeights[1], high: driftWeights[1], counts: [1, 0, 0, 0] },
    });
  });
});

test("progress writes a line an epoch", async () => {
  const { model, options } = drift();
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line.replace(/, [\d.]+ s$/, ""));
  await train.fit(model, { ...options, epochs: 4, callbacks: [train.progress({ every: 2, write })] });
  expect(lines).toEqual([
    "training: epoch 2, loss 6.8906, validation loss 0.0881",
    "training: epoch 4, loss 4.0392, validation loss 0.0583",
  ]);
});

test("one seed, one history, bit for bit, with every callback on, live or not, whole or watched", async () => {
  const { training, validation } = await digitsParts();
  const run = async (callbacks: train.Callback[], live: boolean): Promise<train.History> => {
    random.seed(4);
    const model = smallNetwork();
    const fit = (): Promise<train.History> =>
      train.fit(model, {
        data: shuffled(training),
        validation,
        loss: crossEntropy,
        optimizer: new Adam(model.parameters(), { learningRate: 0.01 }),
        epochs: 3,
        callbacks,
        ...(live ? { live: plot.lossCurves } : { progress: false }),
      });
    return live ? (await recordingHost(fit)).result : await fit();
  };
  const all = (): train.Callback[] => [
    train.earlyStopping(),
    train.checkpoint(join(folder, "seed.safetensors")),
    train.gradientNorms(),
    train.weightHistograms(),
    train.reduceLearningRateOnPlateau(),
  ];
  const [plain, first, second] = [await run([], false), await run(all(), true), await run(all(), true)];
  expect(first.stepLosses).toEqual(plain.stepLosses);
  expect(first.epochs).toEqual(plain.epochs);
  expect(second.stepLosses).toEqual(first.stepLosses);
  expect(second.gradientNorms).toEqual(first.gradientNorms);
  expect(second.weightHistograms).toEqual(first.weightHistograms);
});
