import { expect, test } from "vitest";
import { epochTable } from "../../src/train/epochTable.ts";
import type { EpochRecord } from "../../src/train/index.ts";

const record = (epoch: number, more: Partial<EpochRecord> = {}): EpochRecord => ({
  epoch,
  steps: 10 * epoch,
  loss: 1 / epoch,
  accuracy: undefined,
  validationLoss: undefined,
  validationAccuracy: undefined,
  ...more,
});
const cellsOf = (html: string): string[][] =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell),
  );
const epochsOf = (count: number): number[] =>
  cellsOf(epochTable(Array.from({ length: count }, (_, index) => record(index + 1))))
    .slice(1)
    .map(([epoch]) => Number(epoch));

test("a column for each number that the epochs have, those of validation last", () => {
  const full = { penalty: 0.25, accuracy: 0.5, validationLoss: 0.00012, validationAccuracy: 0.875 };
  const metrics = { metrics: { "recall <1>": 0.5 }, validationMetrics: { "recall <1>": NaN } };
  expect(cellsOf(epochTable([record(1, { ...full, ...metrics }), record(2)]))).toEqual([
    [
      ...["epoch", "loss", "penalty", "accuracy", "recall &lt;1&gt;"],
      ...["validation loss", "validation accuracy", "validation recall &lt;1&gt;"],
    ],
    ["1", "1.0000", "0.2500", "50.0 %", "0.5000", "1.20e-4", "87.5 %", "NaN"],
    ["2", "0.5000", "–", "–", "–", "–", "–", "–"],
  ]);
  expect(cellsOf(epochTable([record(1)]))[0]).toEqual(["epoch", "loss"]);
  expect(epochTable([])).toBe("");
});

test("twenty epochs have a row each; of more the second, fifth, tenth, and always the last", () => {
  expect(epochsOf(20)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect(epochsOf(21)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 21]);
  expect(epochsOf(100)).toEqual([
    5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100,
  ]);
  expect(epochsOf(101).slice(0, 2)).toEqual([10, 20]);
  for (const count of [41, 199, 201, 999, 1000, 5001]) expect(epochsOf(count).length).toBeLessThanOrEqual(21);
});
