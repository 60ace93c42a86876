import { describe, expect, test } from "vitest";
import { linear, softmaxCrossEntropy } from "../../src/tensor/functions.ts";
import * as ops from "../../src/ops/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import { expectGradient, leaf } from "../support/gradient.ts";

const binary = ["add", "sub", "mul", "div", "maximum", "minimum"] as const;
const broadcasts: [number[], number[]][] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [
    [2, 1],
    [1, 3],
  ],
  [[2, 3], []],
  [[], [4]],
  [
    [4, 1, 3],
    [2, 1],
  ],
  [[1], [2, 2, 2]],
  [
    [3, 4, 2],
    [1, 1, 2],
  ],
  [
    [1, 4, 1],
    [3, 1, 2],
  ],
  [[1, 1], [1]],
];

describe.each(binary)("%s: gradient matches central differences", (name) => {
  test.each(broadcasts)("shapes %j and %j", (left, right) => {
    expectGradient((x, y) => x[name](y), [leaf(left, -2, 2, 1), leaf(right, 0.5, 3, 2)]);
  });

  test("with a number", () => {
    expectGradient((x) => x[name](1.7), [leaf([2, 3])]);
  });
});

const unary: Record<string, { of?: [number, number]; f: (x: Tensor) => Tensor }> = {
  neg: { f: (x) => x.neg() },
  abs: { f: (x) => x.abs() },
  exp: { f: (x) => x.exp() },
  log: { of: [0.2, 3], f: (x) => x.log() },
  sqrt: { of: [0.2, 3], f: (x) => x.sqrt() },
  relu: { f: (x) => x.relu() },
  sigmoid: { f: (x) => x.sigmoid() },
  tanh: { f: (x) => x.tanh() },
  clamp: { f: (x) => x.clamp(-0.9, 1.1) },
  softmax: { f: (x) => x.softmax() },
  logSoftmax: { f: (x) => x.logSoftmax() },
  "softmax over the first axis": { f: (x) => x.softmax(0) },
  "to float32 and back": { f: (x) => x.mul(1).to("float64") },
};
const shapes = [[1], [5], [2, 3], [2, 1, 3]];

describe.each(Object.entries(unary))(
  "%s: gradient matches central differences",
  (_name, { of = [-2, 2], f }) => {
    test.each(shapes.map((shape) => [shape]))("shape %j", (shape) => {
      expectGradient(f, [leaf(shape, ...of)]);
    });
  },
);

describe("reductions: gradient matches central differences", () => {
  const axes = [undefined, 0, 1, -1];
  describe.each(["sum", "mean", "max", "min"] as const)("%s", (name) => {
    test.each(axes.flatMap((axis) => [false, true].map((keep) => [axis, keep] as const)))(
      "axis %s, keepDims %s",
      (axis, keepDims) => expectGradient((x) => x[name](axis, keepDims), [leaf([3, 2, 4])]),
    );
  });
});

describe("matrices and movement: gradient matches central differences", () => {
  test("matmul", () => expectGradient((a, b) => a.matmul(b), [leaf([3, 4]), leaf([4, 2], -2, 2, 5)]));
  test("matmul with leading axes", () =>
    expectGradient((a, b) => a.matmul(b), [leaf([2, 3, 4]), leaf([4, 2], -2, 2, 5)]));
  test("linear", () =>
    expectGradient((x, w, b) => linear(x, w, b), [leaf([3, 4]), leaf([4, 2], -2, 2, 5), leaf([2])]));
  test("linear without bias, over leading axes", () =>
    expectGradient((x, w) => linear(x, w), [leaf([2, 2, 4]), leaf([4, 3])]));
  test("transpose", () => expectGradient((x) => x.transpose(), [leaf([2, 3, 4])]));
  test("permute", () => expectGradient((x) => x.permute([2, 0, 1]), [leaf([2, 3, 4])]));
  test("reshape", () => expectGradient((x) => x.reshape([4, -1]), [leaf([2, 3, 4])]));
  test.each([
    [1, 3, 0],
    [-2, undefined, 1],
    [0, 1, 2],
  ])("slice %s to %s of axis %s", (start, end, axis) =>
    expectGradient((x) => x.slice(start, end, axis), [leaf([4, 3, 2])]),
  );
  test("softmaxCrossEntropy", () => {
    const labels = Tensor.from([2, 0, 1], [3], { dtype: "int32" });
    expectGradient((logits) => softmaxCrossEntropy(logits, labels), [leaf([3, 4])]);
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

  test("equal and argmax have no gradient", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    expect(x.equal(1).requiresGrad).toBe(false);
    expect(x.argmax().requiresGrad).toBe(false);
  });

  test("every operation stands in this file", () => {
    // A new op must be added here, or tested in a file of its own that stands beside its name.
    const elsewhere = {
      embedding: "nn/embedding.test.ts",
      gru: "nn/recurrence.test.ts",
      lastCell: "nn/recurrence.test.ts",
      lstm: "nn/recurrence.test.ts",
      rnn: "nn/recurrence.test.ts",
      squaredDifference: "losses/squaredError.test.ts",
      squaredError: "losses/squaredError.test.ts",
    };
    const here =
      "abs add argmax cast clamp crossEntropy div equal exp linear log logSoftmax matmul max maximum min minimum mul neg permute relu reshape sigmoid slice softmax sqrt sub sum tanh";
    expect(Object.keys(ops).sort()).toEqual([...here.split(" "), ...Object.keys(elsewhere)].sort());
  });
});
