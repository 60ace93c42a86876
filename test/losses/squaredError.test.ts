import { describe, expect, test } from "vitest";
import { meanSquaredError, sumSquaredError } from "../../src/losses/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import golden from "../reference/losses.json" with { type: "json" };
import { expectGradient, leaf } from "../support/gradient.ts";
import { expectGolden, type GoldenLoss } from "./golden.ts";

const cases = golden.squared as GoldenLoss[];

describe.each([
  ["meanSquaredError", meanSquaredError],
  ["sumSquaredError", sumSquaredError],
] as const)("%s", (name, loss) => {
  expectGolden(cases, (prediction, target, { reduction }) => loss(prediction, target, { reduction }));

  test.each(["mean", "sum", "none"] as const)("%s: both gradients match central differences", (reduction) => {
    for (const shape of [[], [1], [5], [2, 3]])
      expectGradient((x, y) => loss(x, y, { reduction }), [leaf(shape), leaf(shape, -3, 1, 2)]);
  });

  test("[N] against [N, 1] is refused, since broadcasting would compare all with all", () => {
    expect(() => loss(Tensor.zeros([3, 1]), Tensor.zeros([3]))).toThrow(
      `${name}: target [3] does not fit prediction [3, 1]; reshape one of them: ` +
        `broadcasting would compare every prediction with every target`,
    );
  });

  test("nothing has no mean, but a sum; an unknown reduction is named", () => {
    const none = Tensor.zeros([0, 2]);
    expect(() => loss(none, none, { reduction: "mean" })).toThrow(
      new RangeError(
        `${name}: the batch is empty, prediction [0, 2], and nothing has no mean; leave empty batches out`,
      ),
    );
    expect(loss(none, none, { reduction: "sum" }).item()).toBe(0);
    expect(loss(none, none, { reduction: "none" }).shape).toEqual([0, 2]);
    expect(() => loss(none, none, { reduction: "average" as never })).toThrow(
      `${name}: reduction must be "mean", "sum" or "none", got "average"`,
    );
  });
});

test("the default of one is the mean, of the other the sum", () => {
  const [prediction, target] = [tensor([1, 4]), tensor([2, 2])];
  expect(meanSquaredError(prediction, target).item()).toBe(2.5);
  expect(sumSquaredError(prediction, target).item()).toBe(5);
});

test("integer targets serve; a mean is the bits of sum and quotient one by one", () => {
  const [x, y] = [Tensor.randn([1000]), Tensor.randn([1000])];
  const difference = x.sub(y);
  expect(meanSquaredError(x, y).item()).toBe(difference.mul(difference).mean().item());
  expect(meanSquaredError(tensor([1.5]), tensor([1], { dtype: "int32" })).item()).toBe(0.25);
});

test("NaN and infinities come through", () => {
  expect(meanSquaredError(tensor([NaN, 1]), tensor([0, 1])).item()).toBeNaN();
  expect(meanSquaredError(tensor([Infinity, 1]), tensor([0, 1])).item()).toBe(Infinity);
  expect(meanSquaredError(tensor([1e30]), tensor([-1e30])).item()).toBe(Infinity);
});

test("the target is no prediction: without a gradient of its own it receives none", () => {
  const [x, y] = [tensor([3], { requiresGrad: true }), tensor([1])];
  const before = Tensor.memory().tensors;
  Tensor.scope(() => meanSquaredError(x, y).backward());
  expect([x.grad!.item(), y.grad]).toEqual([4, null]);
  expect(Tensor.memory().tensors).toBe(before + 1);
});

test("a plain list as target is answered with what to write", () => {
  expect(() => meanSquaredError(tensor([1, 2]), [1, 2] as never)).toThrow(
    "meanSquaredError: the target must be a tensor, got an array; make it with tensor(…)",
  );
});
