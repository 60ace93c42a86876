import { describe, expect, test } from "vitest";
import type { Activation } from "../../src/backend/backend.ts";
import { linear } from "../../src/tensor/functions.ts";
import type { NestedNumbers } from "../../src/tensor/nested.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import golden from "../reference/matmul.json" with { type: "json" };
import { expectSameBits } from "../support/bits.ts";
import { expectGradient, leaf } from "../support/gradient.ts";

interface Golden {
  readonly inputs: NestedNumbers[];
  readonly upstream: NestedNumbers;
  readonly output: NestedNumbers;
  readonly gradients: NestedNumbers[];
}

function expectClose(actual: Tensor, expected: NestedNumbers): void {
  const wanted = tensor(expected, { dtype: "float64" });
  expect(actual.shape).toEqual(wanted.shape);
  for (const [i, value] of wanted.data.entries()) expect(actual.data[i]).toBeCloseTo(value, 13);
}

function expectGolden(f: (...inputs: Tensor[]) => Tensor, one: Golden): void {
  const leaves = one.inputs.map((input) => tensor(input, { dtype: "float64", requiresGrad: true }));
  const y = f(...leaves);
  expectClose(y, one.output);
  y.mul(tensor(one.upstream, { dtype: "float64" }))
    .sum()
    .backward();
  for (const [i, gradient] of one.gradients.entries()) expectClose(leaves[i].grad!, gradient);
}

describe("matmul equals PyTorch's, value and gradients", () => {
  test.each(Object.entries(golden.products))("%s", (_shapes, one) => {
    expectGolden((a, b) => a.matmul(b), one as Golden);
  });

  test.each(Object.entries(golden.products))("%s, transposed operands", (_shapes, one) => {
    const matrix = (nested: NestedNumbers): boolean => tensor(nested).shape.length > 1;
    const [transposeLeft, transposeRight] = one.inputs.map((input) => matrix(input as NestedNumbers));
    expectGolden((a, b) => {
      const [left, right] = [transposeLeft ? a.transpose() : a, transposeRight ? b.transpose() : b];
      return left.matmul(right, { transposeLeft, transposeRight });
    }, one as Golden);
  });
});

describe("linear with its activation", () => {
  test.each(Object.entries(golden.layers))("%s equals PyTorch's, value and gradients", (name, one) => {
    const activation = name === "none" ? undefined : (name as Activation);
    expectGolden((x, weight, bias) => linear(x, weight, bias, activation), one as Golden);
  });

  test.each(["relu", "sigmoid", "tanh"] as const)(
    "%s: gradient matches central differences",
    (activation) => {
      const inputs = [leaf([2, 2, 4]), leaf([4, 3], -1, 1, 2), leaf([3], -1, 1, 3)];
      expectGradient((x, weight, bias) => linear(x, weight, bias, activation), inputs);
      expectGradient((x, weight) => linear(x, weight, undefined, activation), inputs.slice(0, 2));
    },
  );
});

test("a transposed operand gives the bits of its copy, and no copy is made", () => {
  const [a, b] = [Tensor.randn([20, 30]), Tensor.randn([40, 20])];
  const expected = a.transpose().matmul(b.transpose());
  const before = Tensor.memory().tensors;
  const product = a.matmul(b, { transposeLeft: true, transposeRight: true });
  expect(Tensor.memory().tensors).toBe(before + 1);
  expectSameBits(product.raw, expected.raw);
});

test("vectors leave no memory behind, recorded or not", () => {
  const [matrix, vector] = [Tensor.randn([4, 3]), Tensor.randn([3], { requiresGrad: true })];
  const run = (): void => {
    Tensor.noGrad(() => matrix.matmul(vector).dispose());
    const y = matrix.matmul(vector).matmul(matrix).sum();
    y.backward();
    vector.grad = null;
    y.dispose();
  };
  run();
  run();
  const before = Tensor.memory().tensors;
  run();
  expect(Tensor.memory().tensors).toBe(before);
});

test("extremes: infinities, NaN, the sign of 0, nothing to sum", () => {
  expect(
    tensor([Infinity, 1])
      .matmul(tensor([0, 1]))
      .item(),
  ).toBeNaN();
  expect(
    tensor([Infinity, 1])
      .matmul(tensor([2, 1]))
      .item(),
  ).toBe(Infinity);
  // A sum starts at +0, so that −0 alone gives +0.
  expect(
    Object.is(
      tensor([-0])
        .matmul(tensor([1]))
        .item(),
      0,
    ),
  ).toBe(true);
  expect(
    tensor([1e-30])
      .matmul(tensor([1e-15]))
      .item(),
  ).toBe(Math.fround(1e-45));
  expect(
    Tensor.zeros([0])
      .matmul(Tensor.zeros([0]))
      .item(),
  ).toBe(0);
  expect(Tensor.zeros([3, 0, 2]).matmul(Tensor.zeros([2])).shape).toEqual([3, 0]);
});

test("errors name both shapes, and what is read transposed", () => {
  const cube = Tensor.zeros([2, 3, 4]);
  const cases: [() => unknown, string][] = [
    [() => cube.matmul(Tensor.zeros([3, 4])), "matmul: inner sizes differ, [2, 3, 4] @ [3, 4] (4 against 3)"],
    [() => cube.matmul(Tensor.zeros([3])), "matmul: inner sizes differ, [2, 3, 4] @ [3] (4 against 3)"],
    [() => Tensor.zeros([3]).matmul(cube.transpose()), "[3] @ [2, 4, 3] (3 against 4)"],
    [
      () => cube.matmul(Tensor.zeros([3, 4]), { transposeLeft: true, transposeRight: true }),
      "matmul: inner sizes differ, [2, 3, 4]ᵀ @ [3, 4]ᵀ (3 against 4)",
    ],
    [
      () => cube.matmul(Tensor.zeros([3, 4, 5])),
      "matmul: leading axes of [2, 3, 4] @ [3, 4, 5]: cannot broadcast [2] with [3] (axis 0: 2 against 3)",
    ],
    [() => cube.matmul(tensor(2)), "matmul: a scalar is no matrix, in [2, 3, 4] @ []; use mul"],
    [
      () => Tensor.zeros([3]).matmul(cube, { transposeLeft: true }),
      "matmul: a vector has no two axes to exchange, in [3]ᵀ @ [2, 3, 4]",
    ],
  ];
  for (const [work, message] of cases) expect(work).toThrow(message);
});
