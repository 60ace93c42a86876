import { describe, expect, test } from "vitest";
import type { DType } from "../../src/backend/backend.ts";
import { linear, softmaxCrossEntropy } from "../../src/tensor/functions.ts";
import type { NestedNumbers } from "../../src/tensor/nested.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import golden from "../reference/ops.json" with { type: "json" };

type Name = keyof typeof golden.cases;
const labels = Tensor.from([2, 0], [2], { dtype: "int32" });

const ours: Record<Name, (...inputs: Tensor[]) => Tensor> = {
  add: (x, y) => x.add(y),
  sub: (x, y) => x.sub(y),
  mul: (x, y) => x.mul(y),
  div: (x, y) => x.div(y),
  maximum: (x, y) => x.maximum(y),
  minimum: (x, y) => x.minimum(y),
  neg: (x) => x.neg(),
  abs: (x) => x.abs(),
  exp: (x) => x.exp(),
  log: (x) => x.log(),
  log1p: (x) => x.log1p(),
  sqrt: (x) => x.sqrt(),
  relu: (x) => x.relu(),
  sigmoid: (x) => x.sigmoid(),
  tanh: (x) => x.tanh(),
  clamp: (x) => x.clamp(-0.75, 2),
  softmax: (x) => x.softmax(),
  logSoftmax: (x) => x.logSoftmax(),
  softmax0: (x) => x.softmax(0),
  sum: (x) => x.sum(0),
  mean: (x) => x.mean(1, true),
  max: (x) => x.max(1),
  min: (x) => x.min(0),
  matmul: (x, y) => x.matmul(y),
  linear: (x, weight, bias) => linear(x, weight, bias),
  transpose: (x) => x.transpose(),
  permute: (x) => x.reshape([1, 2, 3]).permute([2, 0, 1]),
  reshape: (x) => x.reshape([3, 2]),
  slice: (x) => x.slice(1, 3, 1),
  pow: (x, y) => x.pow(y),
  powAtZero: (x, y) => x.pow(y),
  square: (x) => x.pow(2),
  cubeRootLike: (x) => x.pow(-1 / 3),
  powNegative: (x) => x.pow(-3),
  powZero: (x) => x.pow(0),
  sin: (x) => x.sin(),
  cos: (x) => x.cos(),
  leakyRelu: (x) => x.leakyRelu(0.1),
  softplus: (x) => x.softplus(),
  where: (x, y) => Tensor.where(x.greater(0.3), x, y),
  variance: (x) => x.variance(1),
  varianceOfAll: (x) => x.variance(),
  populationVariance: (x) => x.variance([0, 2], true, 0),
  standardDeviation: (x) => x.standardDeviation(1),
  sumOfTwoAxes: (x) => x.sum([0, 2]),
  meanOfTwoAxes: (x) => x.mean([1, -1], true),
  maxOfTwoAxes: (x) => x.max([0, 1]),
  concat: (x, y) => Tensor.concat([x, y], 1),
  stack: (x, y) => Tensor.stack([x, y], 1),
  pad: (x) => x.pad([[0, 1], [1, 2]], 0.5), // prettier-ignore
  flip: (x) => x.flip([0, 2]),
  gather: (x) => x.gather(1, Tensor.from([2, 0, 2, 1, 1, 1, 0, 0], [2, 4], { dtype: "int32" })),
  gatherRows: (x) => x.gather(0, Tensor.from([1, 0], [1, 2], { dtype: "int32" })),
  expand: (x) => x.expand([4, -1, 3]),
  sliceWithStep: (x) => x.slice(1, undefined, -1, 2),
  softmaxCrossEntropy: (x) => softmaxCrossEntropy(x, labels),
};

function expectClose(actual: Tensor, expected: NestedNumbers, tolerance: number): void {
  const wanted = tensor(expected, { dtype: "float64" });
  expect(actual.shape).toEqual(wanted.shape);
  for (const [i, value] of wanted.data.entries())
    expect(Math.abs(actual.data[i] - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
}

describe.each([
  ["float64", 1e-14],
  ["float32", 1e-6],
] as [DType, number][])("%s equals PyTorch's, value and gradients", (dtype, tolerance) => {
  test.each(Object.keys(golden.cases) as Name[])("%s", (name) => {
    const { inputs, upstream, output, gradients } = golden.cases[name];
    const leaves = inputs.map((input) => tensor(input as NestedNumbers, { dtype, requiresGrad: true }));
    const result = ours[name](...leaves);
    expectClose(result, output as NestedNumbers, tolerance);
    result
      .mul(tensor(upstream as NestedNumbers, { dtype }))
      .sum()
      .backward();
    for (const [i, gradient] of gradients.entries())
      expectClose(leaves[i].grad!, gradient as NestedNumbers, tolerance);
  });
});
