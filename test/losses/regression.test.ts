import { describe, expect, test } from "vitest";
import { huber, meanAbsoluteError, meanSquaredLogarithmicError } from "../../src/losses/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import golden from "../reference/losses.json" with { type: "json" };
import { expectGradient, leaf } from "../support/gradient.ts";
import { expectGolden, type GoldenLoss } from "./golden.ts";

const reductions = ["mean", "sum", "none"] as const;
const shapes = [[], [1], [5], [2, 3]];

describe("meanAbsoluteError", () => {
  expectGolden(golden.absolute as GoldenLoss[], (x, y, { reduction }) =>
    meanAbsoluteError(x, y, { reduction }),
  );

  test.each(reductions)("%s: both gradients match central differences", (reduction) => {
    for (const shape of shapes)
      expectGradient((x, y) => meanAbsoluteError(x, y, { reduction }), [leaf(shape), leaf(shape, -3, 1, 2)]);
  });

  test("equal numbers cost nothing and have no gradient", () => {
    const x = tensor([3, -0], { requiresGrad: true });
    meanAbsoluteError(x, tensor([3, 0])).backward();
    expect(x.grad!.data.every((value) => value === 0)).toBe(true);
  });
});

describe("meanSquaredLogarithmicError", () => {
  const cases = golden.squaredLogarithmic as GoldenLoss[];
  expectGolden(cases, (x, y, { reduction }) => meanSquaredLogarithmicError(x, y, { reduction }), 4e-6);

  test.each(reductions)("%s: both gradients match central differences", (reduction) => {
    for (const shape of shapes) {
      const pair = [leaf(shape, -0.8, 9), leaf(shape, 0, 4, 2)];
      expectGradient((x, y) => meanSquaredLogarithmicError(x, y, { reduction }), pair);
    }
  });

  test("tiny numbers keep their digits", () => {
    const loss = meanSquaredLogarithmicError(tensor([3e-9]), tensor([1e-9])).item();
    expect(loss / 4e-18).toBeCloseTo(1, 5);
  });

  test("the first number without a logarithm is named", () => {
    const fine = tensor([0, 1]);
    expect(() => meanSquaredLogarithmicError(tensor([0, -1]), fine)).toThrow(
      new RangeError(
        "meanSquaredLogarithmicError: the prediction at index 1 is -1, and ln(1 + x) needs x > −1; " +
          "let the model end in a ReLU or softplus",
      ),
    );
    expect(() => meanSquaredLogarithmicError(fine, tensor([-7, 1]))).toThrow(
      "meanSquaredLogarithmicError: the target at index 0 is -7, and ln(1 + x) needs x > −1",
    );
  });
});

describe("huber", () => {
  const cases = golden.huber as (GoldenLoss & { delta: number })[];
  expectGolden(cases, (x, y, { reduction, delta }) => huber(x, y, { reduction, delta }));

  test.each(reductions)("%s: both gradients match central differences", (reduction) => {
    for (const shape of shapes) {
      const pair = [leaf(shape), leaf(shape, -3, 1, 2)];
      expectGradient((x, y) => huber(x, y, { reduction, delta: 0.7 }), pair);
    }
  });

  test("both pieces meet at δ, with one slope", () => {
    const x = tensor([2, 2 + 1e-9, -2], { dtype: "float64", requiresGrad: true });
    const loss = huber(x, Tensor.zeros([3]), { delta: 2, reduction: "none" });
    expect(loss.data[0]).toBe(2);
    expect(loss.data[1]).toBeCloseTo(2, 8);
    loss.sum().backward();
    expect(x.grad!.toArray()).toEqual([2, 2, -2]);
  });

  test("a huge error pulls with δ and no more, an infinite one costs infinity", () => {
    const x = tensor([-1e38, 1e38], { requiresGrad: true });
    const loss = huber(x, tensor([1e38, -1e38]), { reduction: "none" });
    expect([...loss.data]).toEqual([Math.fround(2e38), Math.fround(2e38)]);
    loss.sum().backward();
    expect(x.grad!.toArray()).toEqual([-1, 1]);
    expect(huber(tensor([Infinity]), tensor([0])).item()).toBe(Infinity);
  });

  test.each([0, -1, NaN, Infinity])("delta %d is refused", (delta) => {
    expect(() => huber(tensor([1]), tensor([1]), { delta })).toThrow(
      new RangeError(`huber: delta must be > 0, got ${delta}`),
    );
  });
});

test.each([
  ["meanAbsoluteError", meanAbsoluteError],
  ["meanSquaredLogarithmicError", meanSquaredLogarithmicError],
  ["huber", huber],
] as const)("%s refuses shapes that differ, the mean of nothing, and an unknown reduction", (name, loss) => {
  expect(() => loss(Tensor.zeros([2]), Tensor.zeros([2, 1]))).toThrow(
    `${name}: target [2, 1] does not fit prediction [2]; reshape one of them`,
  );
  const none = Tensor.zeros([0]);
  expect(() => loss(none, none)).toThrow(`${name}: the batch is empty, prediction [0]`);
  expect(loss(none, none, { reduction: "sum" }).item()).toBe(0);
  expect(() => loss(none, none, { reduction: "max" as never })).toThrow(
    `${name}: reduction must be "mean", "sum" or "none", got "max"`,
  );
});
