import { describe, expect, test } from "vitest";
import * as init from "../../src/initializers/index.ts";
import * as nn from "../../src/nn/index.ts";
import * as random from "../../src/random/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

describe("Linear", () => {
  test("y = xW + b", () => {
    const layer = new nn.Linear(2, 3);
    layer.loadStateDict({
      weight: { shape: [2, 3], dtype: "float32", data: Float32Array.of(1, 2, 3, 4, 5, 6) },
      bias: { shape: [3], dtype: "float32", data: Float32Array.of(10, 20, 30) },
    });
    expect(
      layer
        .forward(
          tensor([
            [1, -1],
            [0, 2],
          ]),
        )
        .toArray(),
    ).toEqual([
      [7, 17, 27],
      [18, 30, 42],
    ]);
  });

  test("gradients match central differences in float64", () => {
    const layer = new nn.Linear(3, 2, { init: (shape) => Tensor.randn(shape, { dtype: "float64" }) });
    const [weight, bias] = [layer.weight, tensor([0.3, -0.7], { dtype: "float64", requiresGrad: true })];
    const model = Object.assign(layer, { bias });
    const x = Tensor.randn([4, 3], { dtype: "float64", requiresGrad: true });
    const upstream = Tensor.randn([4, 2], { dtype: "float64" });
    const loss = (): Tensor => model.forward(x).tanh().mul(upstream).sum();
    loss().backward();
    for (const parameter of [weight, bias, x]) {
      const gradient = [...parameter.grad!.data];
      const { data } = parameter.raw;
      gradient.forEach((expected, index) => {
        const value = data[index];
        const at = (shifted: number): number => {
          data[index] = shifted;
          return Tensor.noGrad(() => loss().item());
        };
        const difference = (at(value + 1e-6) - at(value - 1e-6)) / 2e-6;
        data[index] = value;
        expect(expected).toBeCloseTo(difference, 7);
      });
    }
  });

  test("weights start uniform on ±√(1/in), the bias at zero; one seed, one start", () => {
    random.seed(11);
    const layer = new nn.Linear(400, 100);
    const weights = [...layer.weight.data];
    const bound = Math.sqrt(1 / 400);
    expect(weights.every((weight) => Math.abs(weight) <= bound)).toBe(true);
    const variance = weights.reduce((sum, weight) => sum + weight * weight, 0) / weights.length;
    expect(variance / ((bound * bound) / 3)).toBeCloseTo(1, 1);
    expect(layer.bias?.data.every((bias) => bias === 0)).toBe(true);
    random.seed(11);
    expect([...new nn.Linear(400, 100).weight.data]).toEqual(weights);
  });

  test("without bias it has one parameter; another initializer is used", () => {
    const layer = new nn.Linear(2, 2, { bias: false, init: init.zeros });
    expect(layer.parameters()).toEqual([layer.weight]);
    expect(layer.forward(tensor([[1, 2]])).toArray()).toEqual([[0, 0]]);
  });

  test("parameters made inside a scope outlive it", () => {
    const layer = Tensor.scope(() => {
      const made = new nn.Linear(2, 2);
      return { made };
    }).made;
    expect(layer.forward(tensor([[1, 2]])).shape).toEqual([1, 2]);
  });

  test.each([
    [0, 3, "Linear: inputSize must be an integer >= 1, got 0"],
    [3, 1.5, "Linear: outputSize must be an integer >= 1, got 1.5"],
  ])("sizes %d, %d are refused", (inputSize, outputSize, message) => {
    expect(() => new nn.Linear(inputSize, outputSize)).toThrow(new RangeError(message));
  });

  test("an input of the wrong width names both shapes", () => {
    expect(() => new nn.Linear(64, 10).forward(Tensor.zeros([5, 32]))).toThrow(/\[5, 32\].*\[64, 10\]/);
  });
});

test("ReLU and Tanh work elementwise, also at the extremes", () => {
  expect(new nn.ReLU().forward(tensor([-1e30, -1, 0, 2, 1e30])).data).toEqual(
    Float32Array.of(0, 0, 0, 2, 1e30),
  );
  expect([...new nn.Tanh().forward(tensor([-1000, 0, 1000])).data]).toEqual([-1, 0, 1]);
  expect(new nn.Tanh().forward(tensor([0.5])).item()).toBeCloseTo(Math.tanh(0.5), 6);
});

test("Flatten keeps the first axis", () => {
  const flatten = new nn.Flatten();
  expect(flatten.forward(Tensor.zeros([5, 8, 8, 1])).shape).toEqual([5, 64]);
  expect(flatten.forward(Tensor.zeros([5])).shape).toEqual([5, 1]);
  expect(flatten.forward(Tensor.zeros([0, 3, 2])).shape).toEqual([0, 6]);
  expect(() => flatten.forward(tensor(1))).toThrow(
    "Flatten: the first axis counts examples, but [] has none",
  );
});

describe("Sequential", () => {
  test("applies its layers in order", () => {
    const [first, second] = [new nn.Linear(3, 4), new nn.Linear(4, 2)];
    const x = Tensor.randn([6, 3]);
    const expected = second.forward(first.forward(x).relu()).toArray();
    expect(new nn.Sequential(first, new nn.ReLU(), second).forward(x).toArray()).toEqual(expected);
  });

  test("a class without new, a common slip, is named with the mend", () => {
    expect(() => new nn.Sequential(new nn.Linear(2, 2), nn.ReLU as never)).toThrow(
      new TypeError(
        "Sequential: layer 1 is not a module, got function; write new nn.ReLU(), with new and parentheses",
      ),
    );
  });
});
