import { describe, expect, test } from "vitest";
import * as nn from "../../src/nn/index.ts";
import { generator } from "../../src/random/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import golden from "../reference/batchNorm.json" with { type: "json" };
import { expectGradient, leaf } from "../support/gradient.ts";

type Name = keyof typeof golden.cases;
const layers: Record<Name, () => nn.BatchNorm1d | nn.BatchNorm2d> = {
  BatchNorm1d: () => new nn.BatchNorm1d(3),
  "BatchNorm1d of sequences": () => new nn.BatchNorm1d(2),
  BatchNorm2d: () => new nn.BatchNorm2d(3, { epsilon: 0.1, momentum: 0.3 }),
};

const expectClose = (actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void => {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
};

describe.each(Object.keys(golden.cases) as Name[])(
  "%s: three steps of training and one of use equal PyTorch's",
  (name) => {
    test.each(["float32", "float64"] as const)("%s", (dtype) => {
      const { shape, steps } = golden.cases[name];
      const layer = layers[name]();
      layer.weight.raw.data.set(Tensor.linspace(0.5, 1.5, layer.channels).data);
      layer.bias.raw.data.set(Tensor.linspace(-0.25, 0.5, layer.channels).data);
      for (const step of steps) {
        layer.train(step.training);
        for (const parameter of layer.parameters()) parameter.grad = null;
        const x = Tensor.from(step.input, shape, { dtype, requiresGrad: true });
        const y = layer.forward(x);
        y.mul(Tensor.linspace(0.5, 1.5, y.numel, { dtype }).reshape(shape))
          .sum()
          .backward();
        // The running statistics are float32, and reach the output of the last step.
        const tolerance = dtype === "float64" && step.training ? 1e-12 : 2e-6;
        expectClose(y.data, step.output, tolerance);
        expectClose(x.grad!.data, step.inputGradient, tolerance);
        expectClose(layer.weight.grad!.data, step.weightGradient, 1e-5);
        expectClose(layer.bias.grad!.data, step.biasGradient, 2e-6);
        expectClose(layer.runningMean.data, step.runningMean, 1e-6);
        expectClose(layer.runningVariance.data, step.runningVariance, 1e-6);
      }
    });
  },
);

describe("BatchNorm", () => {
  test.each([
    ["training", true],
    ["use", false],
  ] as const)("gradients match central differences in %s", (_name, training) => {
    const layer = new nn.BatchNorm2d(3, { epsilon: 0.01 }).train(training);
    layer.runningMean.raw.data.set([0.1, -0.2, 0.3]);
    layer.runningVariance.raw.data.set([0.5, 1.5, 2]);
    const [weight, bias] = [leaf([3], 0.5, 2, 2), leaf([3], -1, 1, 3)];
    Object.assign(layer, { weight, bias });
    expectGradient((x) => layer.forward(x), [leaf([2, 2, 2, 3]), weight, bias]);
  });

  test("normalizes every channel", () => {
    const layer = new nn.BatchNorm1d(2);
    const y = layer.forward(tensor([[1, 100], [2, 300], [3, 200]])); // prettier-ignore
    expect(y.mean(0).data.every((mean) => Math.abs(mean) < 1e-6)).toBe(true);
    expect(y.variance(0, false, 0).data.every((variance) => Math.abs(variance - 1) < 1e-4)).toBe(true);
  });

  test("keeps its digits far from 0, and gives 0 for a constant channel", () => {
    const layer = new nn.BatchNorm1d(2, { epsilon: 0 });
    const y = layer.forward(tensor([[1e6 + 1, 5], [1e6 - 1, 5]])).data; // prettier-ignore
    expect([y[0], y[2]]).toEqual([1, -1]);
    const constant = new nn.BatchNorm1d(1).forward(tensor([[5], [5], [5]]));
    expect([...constant.data]).toEqual([0, 0, 0]);
  });

  test("training without recording updates the running statistics too, and leaves nothing behind", () => {
    const layer = new nn.BatchNorm1d(4);
    const x = Tensor.randn([8, 4], { generator: generator(1) });
    const step = (): void => Tensor.scope(() => void Tensor.noGrad(() => layer.forward(x)));
    step();
    const before = Tensor.memory().tensors;
    for (let i = 0; i < 200; i++) step();
    expect(Tensor.memory().tensors).toBe(before);
    const mean = x.mean(0).data;
    for (const [c, value] of layer.runningMean.data.entries()) expect(value).toBeCloseTo(mean[c], 5);
    const use = layer.eval().forward(x).data;
    layer.forward(x);
    expect(layer.forward(x).data).toEqual(use);
  });

  test("its buffers are saved with the parameters, loaded in place, and outlive scopes", () => {
    const [model, other] = [1, 2].map(() =>
      Tensor.scope(() => ({ model: new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2)) })),
    );
    model.model.forward(Tensor.randn([6, 3], { generator: generator(2) }));
    const state = model.model.stateDict();
    expect(Object.keys(state)).toEqual([
      ...["0.weight", "0.bias", "1.weight", "1.bias"],
      ...["1.runningMean", "1.runningVariance"],
    ]);
    expect(model.model.parameters().length).toBe(4);
    other.model.loadStateDict(state);
    const x = Tensor.randn([4, 3], { generator: generator(3) });
    expect(other.model.eval().forward(x).data).toEqual(model.model.eval().forward(x).data);
    delete state["1.runningMean"];
    expect(() => other.model.loadStateDict(state)).toThrow('"1.runningMean" is missing from the state');
  });

  test.each<[string, () => unknown]>([
    ["BatchNorm1d: channels must be an integer >= 1, got 0", () => new nn.BatchNorm1d(0)],
    ["BatchNorm2d: epsilon must be >= 0, got -1", () => new nn.BatchNorm2d(1, { epsilon: -1 })],
    ["BatchNorm2d: momentum must lie in [0, 1], got 2", () => new nn.BatchNorm2d(1, { momentum: 2 })],
    [
      "BatchNorm1d: expected [N, C] or [N, L, C] with C = 3, got [2, 4]",
      () => new nn.BatchNorm1d(3).forward(Tensor.zeros([2, 4])),
    ],
    [
      "BatchNorm2d: expected [N, H, W, C] with C = 3, got [2, 3]",
      () => new nn.BatchNorm2d(3).forward(Tensor.zeros([2, 3])),
    ],
    [
      "BatchNorm1d: needs more than one value a channel to train on, got [1, 3]; use a larger batch, or eval()",
      () => new nn.BatchNorm1d(3).forward(Tensor.zeros([1, 3])),
    ],
  ])("%s", (message, work) => expect(work).toThrow(message));
});
