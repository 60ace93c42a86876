import { describe, expect, test } from "vitest";
import * as losses from "../../src/losses/index.ts";
import { generator } from "../../src/random/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import { expectGradient } from "../support/gradient.ts";

const { binaryCrossEntropy, huber, meanAbsoluteError, meanSquaredError, meanSquaredLogarithmicError } =
  losses;
const all = { binaryCrossEntropy, huber, meanAbsoluteError, meanSquaredError, meanSquaredLogarithmicError };
const functions = Object.entries({ ...all, sumSquaredError: losses.sumSquaredError });

const [batch, times, features] = [3, 4, 2];
const lengths = [2, 4, 1];
const random = (seed: number, requiresGrad = false): Tensor =>
  Tensor.uniform([batch, times, features], 0.1, 0.9, {
    dtype: "float64",
    generator: generator(seed),
    requiresGrad,
  });

describe.each(functions)("%s over sequences of several lengths", (name, loss) => {
  const [prediction, target] = [random(1), random(2)];
  const rows = lengths.map((length, row) =>
    [prediction, target].map((each) => each.slice(row, row + 1).slice(0, length, 1)),
  );
  const alone = rows.map(([x, y]) => loss(x, y, { reduction: "sum" }).item());
  const sum = alone.reduce((total, value) => total + value, 0);

  test("is the loss of what lies within them, whatever the padding holds", () => {
    const padded = prediction.data;
    for (const [row, length] of lengths.entries())
      padded.fill(0.5, (row * times + length) * features, (row + 1) * times * features);
    const other = Tensor.from(padded, prediction.shape, { dtype: "float64" });
    for (const x of [prediction, other]) {
      expect(loss(x, target, { reduction: "sum", lengths }).item()).toBeCloseTo(sum, 12);
      expect(loss(x, target, { reduction: "mean", lengths }).item()).toBeCloseTo(sum / 14, 12);
    }
    const each = loss(prediction, target, {
      reduction: "none",
      lengths: tensor(lengths, { dtype: "int32" }),
    });
    const whole = loss(prediction, target, { reduction: "none" }).data;
    expect(each.shape).toEqual(prediction.shape);
    each.data.forEach((value: number, index: number) => {
      const [row, step] = [Math.floor(index / (times * features)), Math.floor(index / features) % times];
      expect(value).toBe(step < lengths[row] ? whole[index] : 0);
    });
    const byDefault = name === "sumSquaredError" ? "sum" : "mean";
    expect(loss(prediction, target, { lengths }).item()).toBe(
      loss(prediction, target, { lengths, reduction: byDefault }).item(),
    );
  });

  test("gradient matches central differences, and is 0 in the padding", () => {
    const x = random(1, true);
    expectGradient((z) => loss(z, target, { lengths }), [x]);
    expect(x.grad!.data.filter((value: number) => value !== 0).length).toBe(14);
  });

  test("lengths that do not fit are refused", () => {
    expect(() => loss(prediction, target, { lengths: [1] })).toThrow(
      `${name}: lengths [1] do not fit prediction [3, 4, 2]; give one for each row of [batch, time, …]`,
    );
    expect(() => loss(prediction, target, { lengths: [1, 5, 2] })).toThrow(
      `${name}: the length 5 of row 1 does not fit prediction [3, 4, 2]; lengths are integers from 1 to 4`,
    );
  });
});
