import { describe, expect, test } from "vitest";
import type { DType } from "../../src/backend/backend.ts";
import * as nn from "../../src/nn/index.ts";
import type { NestedNumbers } from "../../src/tensor/nested.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import golden from "../reference/layers.json" with { type: "json" };

type Name = keyof typeof golden.cases;

/** Makes each layer with the given parameters, in their order. */
const layers: Record<Name, (parameters: Tensor[]) => nn.Module> = {
  "Linear(3, 2)": (p) => linear(3, 2, p),
  "Linear(1, 1)": (p) => linear(1, 1, p),
  "Linear(5, 17) without bias": ([weight]) => new nn.Linear(5, 17, { bias: false, init: () => weight }),
  "Linear(70, 33)": (p) => linear(70, 33, p),
  "Embedding(7, 3) of a vector": ([weight]) => new nn.Embedding(7, 3, { init: () => weight }),
  "Embedding(5, 4) of a matrix": ([weight]) => new nn.Embedding(5, 4, { init: () => weight }),
  Flatten: () => new nn.Flatten(),
  ReLU: () => new nn.ReLU(),
  "LeakyReLU(0.2)": () => new nn.LeakyReLU(0.2),
  Sigmoid: () => new nn.Sigmoid(),
  Tanh: () => new nn.Tanh(),
  Softmax: () => new nn.Softmax(),
  "Softmax(1) of three axes": () => new nn.Softmax(1),
  "Sequential with ReLU": (p) =>
    new nn.Sequential(linear(4, 6, p.slice(0, 2)), new nn.ReLU(), linear(6, 3, p.slice(2))),
  "Sequential with Sigmoid and Tanh": (p) =>
    new nn.Sequential(
      linear(4, 6, p.slice(0, 2)),
      new nn.Sigmoid(),
      linear(6, 5, p.slice(2, 4)),
      new nn.Tanh(),
      linear(5, 2, p.slice(4)),
    ),
  "Sequential with BatchNorm before ReLU": ([weight, ...p]) =>
    new nn.Sequential(
      new nn.Linear(4, 6, { bias: false, init: () => weight }),
      normalization(new nn.BatchNorm1d(6), p),
      new nn.ReLU(),
      linear(6, 3, p.slice(2)),
    ),
  "Sequential with BatchNorm behind Sigmoid": (p) =>
    new nn.Sequential(
      linear(4, 6, p),
      new nn.Sigmoid(),
      normalization(new nn.BatchNorm1d(6), p.slice(2)),
      linear(6, 3, p.slice(4)),
    ),
  "Sequential of the classic topology": ([weight, ...p]) =>
    new nn.Sequential(
      new nn.Conv2d(2, 4, 3, { padding: 1, bias: false, init: () => weight }),
      normalization(new nn.BatchNorm2d(4), p),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      Object.assign(new nn.Conv2d(4, 3, [2, 3], { init: () => p[2] }), { bias: parameter(p[3]) }),
      new nn.LeakyReLU(0.1),
      new nn.AveragePool2d(2, { stride: 1 }),
      new nn.Flatten(),
      linear(12, 5, p.slice(4)),
      new nn.Tanh(),
      linear(5, 3, p.slice(6)),
    ),
};

const parameter = ({ raw }: Tensor): Tensor => new Tensor(raw, true);

const linear = (inputs: number, outputs: number, [weight, bias]: Tensor[]): nn.Linear =>
  Object.assign(new nn.Linear(inputs, outputs, { init: () => weight }), { bias: parameter(bias) });

const normalization = (layer: nn.Module, [weight, bias]: Tensor[]): nn.Module =>
  Object.assign(layer, { weight: parameter(weight), bias: parameter(bias) });

/** Sums round as their largest terms do, so that what cancels is held against the largest of its tensor. */
function expectClose(actual: Tensor, expected: NestedNumbers, tolerance: number): void {
  const wanted = tensor(expected, { dtype: "float64" });
  expect(actual.shape).toEqual(wanted.shape);
  const values = actual.data;
  const scale = Math.max(1, ...wanted.data.map(Math.abs));
  for (const [i, value] of wanted.data.entries())
    expect(Math.abs(values[i] - value)).toBeLessThanOrEqual(tolerance * scale);
}

describe.each([
  ["float64", 1e-13],
  ["float32", 1e-5],
] as [DType, number][])(
  "%s equals PyTorch's: output, input gradient, weight gradients",
  (dtype, tolerance) => {
    test.each(Object.keys(golden.cases) as Name[])("%s", (name) => {
      const { input, parameters, output, inputGradient, gradients } = golden.cases[name];
      const layer = layers[name](parameters.map((values) => tensor(values as NestedNumbers, { dtype })));
      const x = inputGradient
        ? tensor(input as NestedNumbers, { dtype, requiresGrad: true })
        : tensor(input as NestedNumbers, { dtype: "int32" });
      const result = layer.forward(x) as Tensor;
      expectClose(result, output as NestedNumbers, tolerance);
      const upstream = Tensor.linspace(0.5, 1.5, result.numel, { dtype }).reshape(result.shape);
      result.mul(upstream).sum().backward();
      if (inputGradient) expectClose(x.grad!, inputGradient as NestedNumbers, tolerance);
      const found = layer.parameters().map(({ grad }) => grad!);
      expect(found.length).toBe(gradients.length);
      for (const [i, gradient] of gradients.entries())
        expectClose(found[i], gradient as NestedNumbers, tolerance);
    });
  },
);
