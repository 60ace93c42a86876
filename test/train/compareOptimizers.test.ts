import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Subset } from "../../src/data/index.ts";
import { crossEntropy } from "../../src/losses/index.ts";
import { Adam, Momentum, SGD } from "../../src/optim/index.ts";
import * as plot from "../../src/plot/index.ts";
import * as random from "../../src/random/index.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import {
  type CompareOptions,
  type Comparison,
  compareOptimizers,
  type History,
} from "../../src/train/index.ts";
import { recordingHost, textOf } from "./host.ts";
import { digitsParts, smallNetwork } from "./problem.ts";

const optimizers: CompareOptions["optimizers"] = {
  SGD: (parameters) => new SGD(parameters, { learningRate: 0.1 }),
  Momentum: (parameters) => new Momentum(parameters, { learningRate: 0.05, momentum: 0.9 }),
  Adam: (parameters) => new Adam(parameters, { learningRate: 0.01 }),
};

let training: Subset, validation: Subset;
beforeAll(async () => {
  ({ training, validation } = await digitsParts());
});

const race = (options: Partial<CompareOptions> = {}): Promise<Comparison> =>
  compareOptimizers({
    model: smallNetwork,
    optimizers,
    data: training,
    validation,
    loss: crossEntropy,
    epochs: 2,
    seed: 5,
    progress: false,
    ...options,
  });

describe("compareOptimizers", () => {
  test("all start from the same weights and the same first batch: their first losses are equal bits", async () => {
    const { histories } = await race({ epochs: 1 });
    const first = Object.values(histories).map(({ stepLosses }) => stepLosses[0]);
    expect(new Set(first).size).toBe(1);
    expect(new Set(Object.values(histories).map(({ stepLosses }) => stepLosses[1])).size).toBe(3);
  });

  test("each optimizer's curve is the one it has alone: others in the race do not change it", async () => {
    const together = await race();
    const alone = await race({ optimizers: { Adam: optimizers.Adam } });
    expect(together.histories.Adam.stepLosses).toEqual(alone.histories.Adam.stepLosses);
  });

  test("also where the model draws random numbers while it learns", async () => {
    const noisy = (): ReturnType<typeof smallNetwork> => {
      const model = smallNetwork();
      const { forward } = model;
      // As dropout does: a number from the session's generator at each step.
      model.forward = (x: Tensor) => forward.call(model, x).mul(random.defaultGenerator().uniform());
      return model;
    };
    const together = await race({ model: noisy, epochs: 1 });
    const alone = await race({ model: noisy, epochs: 1, optimizers: { Adam: optimizers.Adam } });
    expect(together.histories.Adam.stepLosses).toEqual(alone.histories.Adam.stepLosses);
  });

  test("one seed, one race; another seed, another; the session's random numbers go on untouched", async () => {
    const before = random.defaultGenerator().state();
    const losses = async (seed: number): Promise<number[]> =>
      (await race({ seed, epochs: 1 })).histories.SGD.stepLosses;
    const first = await losses(8);
    random.defaultGenerator().bits();
    expect(await losses(8)).toEqual(first);
    expect(await losses(9)).not.toEqual(first);
    random.defaultGenerator().restore(before);
    await losses(8);
    expect(random.defaultGenerator().state()).toEqual(before);
  });

  test("they take turns epoch by epoch", async () => {
    const turns: History[] = [];
    const { histories } = await race({ callbacks: [{ onEpoch: (history) => void turns.push(history) }] });
    const { SGD: sgd, Momentum: momentum, Adam: adam } = histories;
    expect(turns).toEqual([sgd, momentum, adam, sgd, momentum, adam]);
    expect(turns.map((history, turn) => history === turns[turn % 3])).toEqual(new Array(6).fill(true));
  });

  test("the table has a row an optimizer; all three learn digits", async () => {
    const result = await race({ epochs: 12 });
    const rows = result.table().objects() as {
      optimizer: string;
      accuracy: number;
      loss: number;
      seconds: number;
    }[];
    expect(rows.map(({ optimizer }) => optimizer)).toEqual(["SGD", "Momentum", "Adam"]);
    for (const { accuracy, loss, seconds } of rows) {
      expect(accuracy).toBeGreaterThan(0.93);
      expect(loss).toBeLessThan(0.3);
      expect(seconds).toBeGreaterThan(0);
    }
    expect(Object.keys(result.models)).toEqual(["SGD", "Momentum", "Adam"]);
  });

  test("one that diverges is named in a warning, and the others finish", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { histories } = await race({
      optimizers: {
        wild: (parameters) => new SGD(parameters, { learningRate: 1e30 }),
        Adam: optimizers.Adam,
      },
    });
    expect([histories.wild.status, histories.Adam.status]).toEqual(["diverged", "finished"]);
    expect(histories.Adam.epochs).toHaveLength(2);
    expect(warn.mock.calls).toHaveLength(1);
    expect(warn.mock.calls[0][0]).toMatch(/^compareOptimizers: wild diverged/);
    warn.mockRestore();
  });

  test("an interrupt ends all of them and returns what there is", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    let steps = 0;
    const { result } = await recordingHost(
      () => race({ epochs: 50, callbacks: [{ onStep: () => void steps++ }] }),
      () => steps >= 100,
    );
    expect(
      Object.values(result.histories).map(({ status, stepLosses }) => [status, stepLosses.length]),
    ).toEqual([
      ["interrupted", 45],
      ["interrupted", 45],
      ["interrupted", 10],
    ]);
    warn.mockRestore();
  });

  test("live: one figure with three traces that grow, from before the first step to the last", async () => {
    const { result, shown } = await recordingHost(() => race({ live: plot.lossCurves, progress: true }));
    expect(shown).toHaveLength(2);
    const figures = shown[0].states as plot.Figure[];
    expect(figures.every(({ data }) => data.length === 3)).toBe(true);
    expect(figures[0].toString()).toContain("SGD (no step yet)");
    expect(figures.at(-1)?.toString()).toBe(plot.lossCurves(result.histories).toString());
    expect(textOf(shown[1].states.at(-1))).toMatch(/^epoch 2\/2 · SGD .+ % · Momentum .+ % · Adam .+ s$/);
  });

  test("without optimizers it says what it needs", async () => {
    await expect(race({ optimizers: {} })).rejects.toThrow("compareOptimizers: no optimizers; give { name:");
  });
});
