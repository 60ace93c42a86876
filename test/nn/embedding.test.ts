import { describe, expect, test } from "vitest";
import * as nn from "../../src/nn/index.ts";
import * as random from "../../src/random/index.ts";
import { embedding } from "../../src/tensor/embedding.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import { expectGradient, leaf } from "../support/gradient.ts";

const indices = tensor(
  [
    [2, 0, 2],
    [1, 2, 0],
  ],
  { dtype: "int32" },
);

describe("Embedding", () => {
  test("picks rows, for indices of any shape", () => {
    const layer = new nn.Embedding(3, 2, {
      init: () =>
        tensor([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
    });
    expect(layer.forward(indices).toArray()).toEqual([
      [
        [5, 6],
        [1, 2],
        [5, 6],
      ],
      [
        [3, 4],
        [5, 6],
        [1, 2],
      ],
    ]);
    expect(layer.forward(tensor(1, { dtype: "int32" })).toArray()).toEqual([3, 4]);
    expect(layer.forward(Tensor.from(Uint8Array.of(2), [1])).toArray()).toEqual([[5, 6]]);
    expect(layer.forward(Tensor.from(new Int32Array(0), [0, 4])).shape).toEqual([0, 4, 2]);
  });

  test("is the product of one-hot rows, value and gradient", () => {
    const table = Tensor.randn([3, 4], { requiresGrad: true });
    const upstream = Tensor.randn([2, 3, 4]);
    const oneHot = embedding(Tensor.eye(3), indices);
    const product = oneHot.matmul(table);
    expect(embedding(table, indices).toArray()).toEqual(product.toArray());
    product.mul(upstream).sum().backward();
    const expected = table.grad!.data;
    table.grad = null;
    embedding(table, indices).mul(upstream).sum().backward();
    for (const [i, value] of expected.entries()) expect(table.grad!.data[i]).toBeCloseTo(value, 6);
  });

  test("gradient matches central differences, rows read often and never", () => {
    expectGradient((table) => embedding(table, indices), [leaf([4, 3])]);
    expectGradient((table) => embedding(table, tensor([3], { dtype: "int32" })), [leaf([4, 1])]);
  });

  test("starts as PyTorch's, normal with variance 1; one seed, one start", () => {
    random.seed(3);
    const { weight } = new nn.Embedding(100, 100);
    const values = [...weight.data];
    expect(values.reduce((sum, x) => sum + x, 0) / 1e4).toBeCloseTo(0, 1);
    expect(values.reduce((sum, x) => sum + x * x, 0) / 1e4).toBeCloseTo(1, 1);
    random.seed(3);
    expect([...new nn.Embedding(100, 100).weight.data]).toEqual(values);
    expect(new nn.Embedding(3, 2).namedParameters().map(([name, { shape }]) => [name, shape])).toEqual([
      ["weight", [3, 2]],
    ]);
  });

  test("what does not fit is refused with the mend", () => {
    const layer = new nn.Embedding(65, 8);
    expect(() => layer.forward(tensor([[1], [65]], { dtype: "int32" }))).toThrow(
      new RangeError(
        "embedding: index 65 at [1, 0] lies outside the 65 rows of the table [65, 8]; use 0 to 64",
      ),
    );
    expect(() => layer.forward(tensor([-1], { dtype: "int32" }))).toThrow(/index -1 at \[0\]/);
    expect(() => layer.forward(tensor([1]))).toThrow(
      new TypeError(
        'embedding: indices must be integers, got float32; make them with { dtype: "int32" } or .to("int32")',
      ),
    );
    expect(() => embedding(Tensor.zeros([3]), indices)).toThrow(
      "embedding: the table must be [count, size], got [3]",
    );
    expect(() => new nn.Embedding(0, 2)).toThrow(
      new RangeError("Embedding: count must be an integer >= 1, got 0"),
    );
    expect(() => new nn.Embedding(2, 1.5)).toThrow(
      new RangeError("Embedding: size must be an integer >= 1, got 1.5"),
    );
  });
});
