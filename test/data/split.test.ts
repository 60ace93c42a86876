import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { load, split, TensorDataset } from "../../src/data/index.ts";
import { tensor } from "../../src/tensor/tensor.ts";

const labelled = (labels: number[]): TensorDataset =>
  new TensorDataset({ data: new Float32Array(labels.length), shape: [labels.length, 1] }, labels);

describe("split", () => {
  test("parts share no example, leave none over, and are within one of their share", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (n, weights, stratified) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const fractions = weights.map((weight) => weight / total);
          // Enough that no part is empty, which is refused.
          fc.pre(fractions.every((fraction) => fraction * n >= 1));
          const dataset = labelled(Array.from({ length: n }, (_, index) => index % 3));
          const parts = split(dataset, fractions, { seed: 2, stratified });
          const all = parts.flatMap((part) => [...part.indices]);
          expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, index) => index));
          parts.forEach((part, index) =>
            expect(Math.abs(part.length - fractions[index] * n)).toBeLessThanOrEqual(1.000001),
          );
        },
      ),
    );
  });

  test("stratified: each class of digits is divided in the same proportion", async () => {
    const digits = await load("digits");
    const [training, validation] = split(digits, [0.8, 0.2], { seed: 1, stratified: true });
    expect([training.length, validation.length]).toEqual([1438, 359]);
    for (let digit = 0; digit < 10; digit++) {
      const count = (classes: ArrayLike<number> | undefined): number =>
        Array.from(classes ?? []).filter((label) => label === digit).length;
      expect(Math.abs(count(validation.classes) - 0.2 * count(digits.classes))).toBeLessThanOrEqual(2);
    }
  });

  test("one seed, one split; another seed, another", () => {
    const dataset = labelled(Array.from({ length: 30 }, () => 0));
    const of = (seed: number): number[][] =>
      split(dataset, [0.5, 0.5], { seed }).map((part) => [...part.indices]);
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  test("a part gives the examples of the whole", () => {
    const [part] = split(labelled([4, 5, 6]), [1], { seed: 1 });
    const all = [...part.batch([0, 1, 2]).labels.data];
    expect(all).toEqual([...(part.classes ?? [])]);
    expect(all.toSorted((a, b) => a - b)).toEqual([4, 5, 6]);
    expect(() => part.batch([3])).toThrow("batch: no example 3 among 3; use 0 to 2");
  });

  test("errors name the fractions", () => {
    const dataset = labelled([1, 2]);
    expect(() => split(dataset, [0.5, 0.4])).toThrow(
      new RangeError("split: fractions must be positive with sum 1, got [0.5, 0.4] with sum 0.9"),
    );
    expect(() => split(dataset, [1.5, -0.5])).toThrow(RangeError);
    expect(() => split(dataset, [])).toThrow(RangeError);
    const regression = new TensorDataset(tensor([[1]]), tensor([[0.5]]));
    expect(() => split(regression, [1], { stratified: true })).toThrow(TypeError);
  });
});
