import { describe, expect, test } from "vitest";
import type { DType } from "../../src/backend/backend.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import golden from "../reference/edges.json" with { type: "json" };

type Name = keyof typeof golden.cases;

const ours: Record<Name, (...inputs: Tensor[]) => Tensor> = {
  relu: (x) => x.relu(),
  leakyRelu: (x) => x.leakyRelu(0.1),
  abs: (x) => x.abs(),
  clamp: (x) => x.clamp(-1, 1),
  maximum: (x, y) => x.maximum(y),
  minimum: (x, y) => x.minimum(y),
  max: (x) => x.max(),
  maxOfNaN: (x) => x.max(),
  maxOfZeros: (x) => x.max(),
  maxOfInfinities: (x) => x.max(),
  min: (x) => x.min(),
  minOfNaN: (x) => x.min(),
  where: (x, y) => Tensor.where(x.greater(0), x, y),
};

const numbers = (texts: readonly string[]): number[] =>
  texts.map((text) => Number(text.replace("inf", "Infinity")));

/** The gradients of Σ upstream · f(inputs), where the upstream reaches `backward` as it is, NaN or infinite. */
function gradients(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: number[][],
  upstream: number,
  dtype: DType,
): number[][] {
  const leaves = inputs.map((values) => tensor(values, { dtype, requiresGrad: true }));
  f(...leaves)
    .mul(tensor(upstream, { dtype }))
    .sum()
    .backward();
  return leaves.map((leaf) => [...leaf.grad!.data]);
}

describe.each(["float32", "float64"] as DType[])("%s: at corners, ties, NaN and infinities", (dtype) => {
  test.each(Object.keys(ours) as Name[])("%s has PyTorch's gradient", (name) => {
    const { inputs, results } = golden.cases[name];
    for (const { upstream, gradients: expected } of results) {
      const [factor] = numbers([upstream]);
      const actual = gradients(ours[name], inputs.map(numbers), factor, dtype);
      // −0 and 0 are one gradient.
      const wanted = expected.map((texts) =>
        numbers(texts).map((value) => (dtype === "float32" ? Math.fround(value) : value) + 0),
      );
      expect(actual.map((values) => values.map((value) => value + 0))).toEqual(wanted);
    }
  });

  test("abs and its gradient keep a NaN", () => {
    expect(gradients((x) => x.abs(), [[NaN, 2]], 1, dtype)).toEqual([[NaN, 1]]);
  });

  test("along an axis each row's NaN take its gradient, in equal shares", () => {
    const x = tensor([[1, NaN, NaN], [3, 2, 3]], { dtype, requiresGrad: true }); // prettier-ignore
    x.max(1).sum().backward();
    expect(x.grad!.toArray()).toEqual([[0, 0.5, 0.5], [0.5, 0, 0.5]]); // prettier-ignore
  });
});
