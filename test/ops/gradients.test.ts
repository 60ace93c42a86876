import { describe, expect, test } from "vitest";
import { linear } from "../../src/tensor/functions.ts";
import { apply, Tensor, tensor } from "../../src/tensor/tensor.ts";
import { expectGradient, leaf } from "../support/gradient.ts";
import { type Case, cases, type Input, operations, steps } from "./cases.ts";

const made = ({ shape, low, high, indices }: Input, place: number): Tensor =>
  indices ? Tensor.from(indices, shape, { dtype: "int32" }) : leaf(shape, low, high, place + 1);

describe.each(operations)("%s: gradient matches central differences", (name, op) => {
  // The condition of `where` and labels have none; float32 has too few digits for differences.
  const asked = cases[name].filter(({ options }) => options !== "float32") as readonly Case[];
  test.each(asked.map((one) => [JSON.stringify(one), one] as const))("%s", (_title, { inputs, options }) => {
    const leaves = inputs.map(made);
    if (name === "where") leaves[0] = leaves[0].detach();
    const f = (...tensors: Tensor[]): Tensor => apply(op, tensors, options);
    if (!steps.includes(name)) expectGradient(f, leaves);
    else {
      f(...leaves)
        .to("float64")
        .sum()
        .backward();
      for (const { grad } of leaves) expect(grad).toBe(null);
    }
  });
});

describe("methods that go through several operations: gradient matches central differences", () => {
  const methods: Record<string, [readonly (readonly number[])[], (...inputs: Tensor[]) => Tensor]> = {
    "add of a number": [[[2, 3]], (x) => x.add(1.7)],
    "number as exponent": [[[2, 3]], (x) => x.abs().pow(2.5)],
    "softmax over the first axis": [[[2, 3]], (x) => x.softmax(0)],
    "to float32 and back": [[[2, 3]], (x) => x.mul(1).to("float64")],
    "mean of an axis": [[[3, 2, 4]], (x) => x.mean(1)],
    "mean of two axes": [[[3, 2, 4]], (x) => x.mean([0, -1], true)],
    standardDeviation: [[[3, 2, 4]], (x) => x.standardDeviation([0, 2])],
    "matmul with leading axes": [
      [
        [2, 3, 4],
        [4, 2],
      ],
      (a, b) => a.matmul(b),
    ],
    "linear without bias, over leading axes": [
      [
        [2, 2, 4],
        [4, 3],
      ],
      (x, w) => linear(x, w),
    ],
    transpose: [[[2, 3, 4]], (x) => x.transpose()],
    "stack along each axis": [
      [
        [2, 3],
        [2, 3],
      ],
      (x, y) => Tensor.stack([x, y]).add(Tensor.stack([y, x], 2).sum()),
    ],
    "concat of one tensor with itself": [[[2, 3]], (x) => Tensor.concat([x, x, x.mul(2)], 1)],
    "where between a tensor and a number": [[[2, 3]], (x) => x.where(x.greater(0.1), 7)],
    "slice from the end, every second": [[[5, 2]], (x) => x.slice(-4, undefined, 0, 2)],
  };
  test.each(Object.entries(methods))("%s", (_name, [shapes, f]) => {
    expectGradient(
      f,
      shapes.map((shape, i) => leaf(shape, -2, 2, i + 1)),
    );
  });
});

describe("graphs", () => {
  test("a value used twice collects both gradients", () => {
    expectGradient((x) => x.mul(x).add(x).mul(x.sum()), [leaf([3])]);
  });

  test("two leaves of one sum have gradients of their own", () => {
    const [x, y] = [tensor([1, 2], { requiresGrad: true }), tensor([3, 4], { requiresGrad: true })];
    x.add(y).sum().backward();
    x.grad = null;
    expect(y.grad!.toArray()).toEqual([1, 1]);
  });

  test("backward adds to .grad, as two calls on two losses show", () => {
    const x = tensor([2], { requiresGrad: true });
    x.mul(3).sum().backward();
    x.mul(x).sum().backward();
    expect(x.grad!.toArray()).toEqual([7]);
  });

  test("a chain of 100,000 operations does not overflow the stack", () => {
    const x = tensor([1], { requiresGrad: true, dtype: "float64" });
    let y: Tensor = x;
    for (let i = 0; i < 100_000; i++) y = y.add(1);
    y.sum().backward();
    expect(x.grad!.item()).toBe(1);
  });

  test("equal maxima share the gradient", () => {
    const x = tensor([3, 1, 3], { requiresGrad: true });
    x.max().backward();
    expect(x.grad!.toArray()).toEqual([0.5, 0, 0.5]);
  });

  test("where both operands are equal, maximum gives half to each", () => {
    const [x, y] = [tensor([1, 5], { requiresGrad: true }), tensor([1, 2], { requiresGrad: true })];
    x.maximum(y).sum().backward();
    expect(x.grad!.toArray()).toEqual([0.5, 1]);
    expect(y.grad!.toArray()).toEqual([0.5, 0]);
  });

  test("comparisons and places are outside the graph", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    for (const step of [x.equal(1), x.greater(1), x.lessEqual(x), x.argmax(), x.argmin()])
      expect(step.requiresGrad).toBe(false);
  });
});
