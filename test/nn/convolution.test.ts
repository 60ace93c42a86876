import { describe, expect, test } from "vitest";
import type { DType } from "../../src/backend/backend.ts";
import * as nn from "../../src/nn/index.ts";
import * as random from "../../src/random/index.ts";
import type { NestedNumbers } from "../../src/tensor/nested.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import { ShapeError } from "../../src/util/errors.ts";
import golden from "../reference/convolution.json" with { type: "json" };

type Golden = (typeof golden.cases)[number];

function layerOf({ layer, kernel, options, inputs }: Golden, dtype: DType): nn.Module {
  const parameters = inputs.slice(1).map((input) => tensor(input as NestedNumbers, { dtype }));
  const pair = (size: number | number[]): [number, number] =>
    typeof size === "number" ? [size, size] : [size[0], size[1]];
  const sizes = Object.fromEntries(Object.entries(options).map(([name, size]) => [name, pair(size)]));
  if (layer === "MaxPool2d") return new nn.MaxPool2d(pair(kernel), sizes);
  if (layer === "AveragePool2d") return new nn.AveragePool2d(pair(kernel), sizes);
  if (layer === "SumPool2d") return new nn.SumPool2d(pair(kernel), sizes);
  const [weight, bias] = parameters;
  const [outputs, , , channels] = weight.shape;
  const Layer = layer === "Conv2d" ? nn.Conv2d : nn.ConvTranspose2d;
  const made = new Layer(channels, outputs, pair(kernel), { ...sizes, init: () => weight });
  return Object.assign(made, { bias: new Tensor(bias.raw, true) });
}

function expectClose(actual: Tensor, expected: NestedNumbers, tolerance: number): void {
  const wanted = tensor(expected, { dtype: "float64" });
  expect(actual.shape).toEqual(wanted.shape);
  const values = actual.data;
  for (const [i, value] of wanted.data.entries())
    expect(Math.abs(values[i] - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
}

describe.each([
  ["float64", 1e-13],
  ["float32", 2e-6],
] as [DType, number][])("%s equals PyTorch's, result and gradients", (dtype, tolerance) => {
  test.each(golden.cases.map((one) => [one.layer, one.kernel, JSON.stringify(one.options), one] as const))(
    "%s of %j, %s",
    (_layer, _kernel, _options, one) => {
      const module = layerOf(one, dtype);
      const x = tensor(one.inputs[0] as NestedNumbers, { dtype, requiresGrad: true });
      const result = module.forward(x) as Tensor;
      expectClose(result, one.output as NestedNumbers, tolerance);
      result
        .mul(tensor(one.upstream as NestedNumbers, { dtype }))
        .sum()
        .backward();
      const gradients = [x, ...module.parameters()].map(({ grad }) => grad!);
      expect(gradients.length).toBe(one.gradients.length);
      for (const [i, gradient] of gradients.entries())
        expectClose(gradient, one.gradients[i] as NestedNumbers, tolerance);
    },
  );
});

describe.each([
  ["Conv2d", nn.Conv2d],
  ["ConvTranspose2d", nn.ConvTranspose2d],
] as const)("%s", (name, Layer) => {
  test("weights are [out, height, width, in], LeCun uniform with all inputs of a window; the bias is zero", () => {
    random.seed(3);
    const { weight, bias } = new Layer(7, 11, [5, 3]);
    expect(weight.shape).toEqual([11, 5, 3, 7]);
    expect(bias!.toArray()).toEqual(new Array(11).fill(0));
    const bound = Math.sqrt(1 / (5 * 3 * 7));
    const weights = [...weight.data];
    expect(weights.every((value) => Math.abs(value) <= bound)).toBe(true);
    const variance = weights.reduce((sum, value) => sum + value * value, 0) / weights.length;
    expect(variance / ((bound * bound) / 3)).toBeCloseTo(1, 1);
  });

  test("an initializer is told both fans", () => {
    const fans: unknown[] = [];
    new Layer(2, 5, [3, 4], { init: (shape, given) => (fans.push(given), Tensor.zeros(shape)) });
    expect(fans).toEqual([{ fanIn: 24, fanOut: 60 }]);
  });

  test("without bias there is one parameter", () => {
    const layer = new Layer(1, 2, 3, { bias: false });
    expect(layer.namedParameters().map(([name]) => name)).toEqual(["weight"]);
    expect(layer.forward(Tensor.ones([1, 4, 4, 1])).shape[3]).toBe(2);
  });

  test("sizes that cannot be are refused by name", () => {
    const make =
      (inputs: number, outputs: number, kernel: number | [number, number], options = {}) =>
      () =>
        new Layer(inputs, outputs, kernel, options);
    expect(make(0, 3, 2)).toThrow(new RangeError(`${name}: inChannels must be an integer >= 1, got 0`));
    expect(make(3, 1.5, 2)).toThrow(`${name}: outChannels must be an integer >= 1, got 1.5`);
    expect(make(1, 1, 0)).toThrow(
      `${name}: kernelSize must be an integer >= 1, or two as [height, width], got 0`,
    );
    expect(make(1, 1, [2, -1])).toThrow("got [2, -1]");
    expect(make(1, 1, 2, { stride: 0 })).toThrow(`${name}: stride must be an integer >= 1`);
    expect(make(1, 1, 2, { padding: -1 })).toThrow(`${name}: padding must be an integer >= 0`);
  });

  test("training it frees what it made", () => {
    const layer = new Layer(2, 3, 3, { stride: 2, padding: 1 });
    const x = Tensor.randn([2, 6, 6, 2]);
    const step = (): void => {
      Tensor.scope(() => layer.forward(x).relu().sum().backward());
      for (const parameter of layer.parameters()) parameter.grad = null;
    };
    for (let i = 0; i < 3; i++) step();
    const { bytes, tensors } = Tensor.memory();
    for (let i = 0; i < 5; i++) step();
    expect(Tensor.memory()).toEqual({ bytes, tensors });
  });
});

describe.each([
  ["MaxPool2d", nn.MaxPool2d],
  ["AveragePool2d", nn.AveragePool2d],
  ["SumPool2d", nn.SumPool2d],
] as const)("%s", (name, Layer) => {
  test("has no parameters, and its stride is its size", () => {
    const layer = new Layer([2, 3]);
    expect(layer.parameters()).toEqual([]);
    expect(layer.forward(Tensor.ones([1, 5, 7, 2])).shape).toEqual([1, 2, 2, 2]);
  });

  test("sizes that cannot be are refused by name", () => {
    expect(() => new Layer(0)).toThrow(
      new RangeError(`${name}: size must be an integer >= 1, or two as [height, width], got 0`),
    );
    expect(() => new Layer(2, { stride: 1.5 })).toThrow(`${name}: stride must be an integer >= 1`);
    expect(() => new Layer(3, { padding: 2 })).toThrow(
      `${name}: padding must be at most half of the window, so that each window holds an element; got 2 with a window of 3`,
    );
  });

  test("a window that does not fit is named", () => {
    expect(() => new Layer(4).forward(Tensor.ones([1, 5, 3, 2]))).toThrow(ShapeError);
  });
});

test("a convolution and its transposed one are each other's gradient", () => {
  // ⟨conv(x), y⟩ = ⟨x, convTranspose(y)⟩ when the weights are the same with their channels exchanged.
  const options = { stride: 2, padding: 1, bias: false } as const;
  const float64 = { dtype: "float64" } as const;
  const weight = Tensor.randn([4, 3, 3, 2], float64);
  const there = new nn.Conv2d(2, 4, 3, { ...options, init: () => weight });
  const back = new nn.ConvTranspose2d(4, 2, 3, { ...options, init: () => weight.permute([3, 1, 2, 0]) });
  const [x, y] = [Tensor.randn([2, 7, 5, 2], float64), Tensor.randn([2, 4, 3, 4], float64)];
  const left = there.forward(x).mul(y).sum().item();
  expect(back.forward(y).mul(x).sum().item()).toBeCloseTo(left, 10);
});
