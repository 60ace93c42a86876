import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { crossEntropy } from "../../src/losses/index.ts";
import { Adam, SGD } from "../../src/optim/index.ts";
import * as random from "../../src/random/index.ts";
import * as track from "../../src/tracking/index.ts";
import * as train from "../../src/train/index.ts";
import { drift, driftWeights } from "../train/drift.ts";
import { digitsParts, shuffled, smallNetwork } from "../train/problem.ts";
import { temporaryFolder } from "./folder.ts";

let folder: string;
beforeEach(() => {
  random.seed(1);
  folder = temporaryFolder();
  vi.stubEnv("GRADBOOK_RUNS", folder);
  return () => void vi.unstubAllEnvs();
});

async function problem(options: Partial<train.FitOptions> = {}) {
  const { training, validation } = await digitsParts();
  const model = smallNetwork();
  const history = await train.fit(model, {
    data: shuffled(training),
    validation,
    loss: crossEntropy,
    optimizer: new Adam(model.parameters(), { learningRate: 0.01 }),
    epochs: 2,
    progress: false,
    track: true,
    ...options,
  });
  return { model, history };
}

test("track: true keeps parameters, steps, epochs, norms, histograms and the weights", async () => {
  const { model, history } = await problem();
  const run = track.open(history.run!);
  expect(run.status).toBe("finished");
  expect(run.name).toBe("training");
  expect(run.params).toEqual({
    epochs: 2,
    model: { name: "Sequential", layers: "Flatten, Linear, ReLU, Linear", parameters: 2410 },
    optimizer: {
      name: "Adam",
      learningRate: 0.01,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      epsilonPlacement: "inside",
    },
    loss: "crossEntropy",
    batchSize: 32,
    examples: 1438,
    validationExamples: 359,
  });
  expect(run.datasets).toHaveProperty("digits/digits.csv.gz");
  expect([...run.curve("loss").values]).toEqual(history.stepLosses);
  expect([...run.curve("loss").steps]).toEqual(history.stepLosses.map((_, index) => index + 1));
  const epochs = run.curve("validationAccuracy");
  expect([...epochs.values]).toEqual(history.epochs.map(({ validationAccuracy }) => validationAccuracy));
  expect([...epochs.steps]).toEqual([45, 90]);
  expect(run.curve("gradientNorm").steps).toHaveLength(2);
  const histograms = run.histograms().filter(({ name }) => name === "1.weight");
  expect(histograms.map(({ step }) => step)).toEqual([0, 45, 90]);
  expect(histograms[0].counts.reduce((sum, count) => sum + count)).toBe(64 * 32);
  const [weights] = run.artifacts();
  const again = smallNetwork();
  await again.load(weights.path);
  expect([...again.parameters()[0].data]).toEqual([...model.parameters()[0].data]);
  expect(history.toString()).toContain(`run ${run.id}`);
});

test("a run of one's own goes on after fit; callbacks say how often norms are kept", async () => {
  const run = track.run("mine", { params: { note: "x" } });
  const { history } = await problem({
    track: run,
    callbacks: [train.gradientNorms({ every: 5 }), train.checkpoint(join(folder, "best.safetensors"))],
  });
  run.log({ extra: 1 });
  run.finish();
  const stored = track.open(run.id);
  expect(history.run).toBe(run.id);
  expect(stored.params).toMatchObject({ note: "x", epochs: 2 });
  const norms = stored.curve("gradientNorm");
  expect([...norms.steps]).toEqual(history.gradientNorms.map(({ step }) => step));
  expect([...norms.values]).toEqual(history.gradientNorms.map(({ total }) => total));
  expect([...stored.curve("gradientNorm.3.bias").values]).toEqual(
    history.gradientNorms.map(({ norms }) => norms["3.bias"]),
  );
  const checkpoint = stored.artifacts().find(({ name }) => name === "checkpoints/best.safetensors")!;
  expect(readFileSync(checkpoint.path)).toEqual(readFileSync(join(folder, "best.safetensors")));
  expect(stored.metrics["extra"].last).toBe(1);
});

test("a run that diverges has failed and says why; an error in a callback too, and keeps its weights", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { history } = await problem({ loss: (prediction) => prediction.sum().mul(NaN) });
  expect(track.open(history.run!)).toMatchObject({ status: "failed", reason: history.failure });
  await expect(
    problem({
      callbacks: [
        {
          onEpoch() {
            throw new Error("on purpose");
          },
        },
      ],
    }),
  ).rejects.toThrow("on purpose");
  const last = track.findRuns().at(-1)!;
  expect(last).toMatchObject({
    status: "failed",
    reason: "fit: training failed after 1 epoch, 45 steps: on purpose",
  });
  expect(last.metrics["loss"].count).toBe(45);
  expect(last.artifacts().map(({ name }) => name)).toEqual(["model.safetensors"]);
  vi.restoreAllMocks();
});

test("what early stopping restores is what the run keeps, and what the best checkpoint holds", async () => {
  const { model, options } = drift();
  const best = join(folder, "best.safetensors");
  const history = await train.fit(model, {
    ...options,
    epochs: 50,
    track: true,
    // The checkpoint first: whatever their order, what is kept is what all of them came to.
    callbacks: [train.checkpoint(best), train.earlyStopping({ patience: 2 })],
  });
  expect([history.status, history.epochs.length, history.restoredEpoch]).toEqual(["stopped", 5, 3]);
  const run = track.open(history.run!);
  expect(run.status).toBe("finished");
  expect(run.curve("validationLoss").steps).toHaveLength(5);
  for (const path of [best, ...run.artifacts().map((artifact) => artifact.path)]) {
    const other = drift().model;
    await other.load(path);
    expect([model.weight.item(), other.weight.item()], path).toEqual([driftWeights[2], driftWeights[2]]);
  }
  expect(run.artifacts().map(({ name }) => name)).toEqual([
    "checkpoints/best.safetensors",
    "model.safetensors",
  ]);
});

test("a race has a run for each optimizer, or shares one", async () => {
  const { training } = await digitsParts();
  const race = (options: Pick<train.CompareOptions, "track">) =>
    train.compareOptimizers({
      model: smallNetwork,
      optimizers: {
        SGD: (weights) => new SGD(weights, { learningRate: 0.1 }),
        Adam: (weights) => new Adam(weights, { learningRate: 0.01 }),
      },
      data: training,
      loss: crossEntropy,
      epochs: 1,
      progress: false,
      ...options,
    });
  const { histories } = await race({ track: true });
  const compared = track.compare({ tags: "race" });
  expect(compared.runs.map(({ name }) => name)).toEqual(["SGD", "Adam"]);
  expect(compared.differences).toContain("optimizer.learningRate");
  expect(compared.differences).not.toContain("batchSize");
  expect(compared.curves("loss").map(({ values }) => [...values])).toEqual([
    histories["SGD"].stepLosses,
    histories["Adam"].stepLosses,
  ]);
  const run = track.run("both");
  const again = await race({ track: run });
  run.finish();
  const stored = track.open(run.id);
  expect([...stored.curve("Adam.loss").values]).toEqual(again.histories["Adam"].stepLosses);
  expect(stored.params).toMatchObject({ SGD: { optimizer: { name: "SGD" } } });
});

test("tracking changes no bit of a training", async () => {
  const { history } = await problem();
  random.seed(1);
  const { history: untracked } = await problem({ track: false });
  expect(history.stepLosses).toEqual(untracked.stepLosses);
  expect(untracked.run).toBeUndefined();
});

test("track must be true or a run", async () => {
  await expect(problem({ track: "yes" as never })).rejects.toThrow(
    'fit: track must be true, or a run: track: track.run("name")',
  );
});
