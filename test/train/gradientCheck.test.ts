import { describe, expect, test } from "vitest";
import { crossEntropy, meanSquaredError } from "../../src/losses/index.ts";
import * as nn from "../../src/nn/index.ts";
import type { Op } from "../../src/ops/index.ts";
import * as random from "../../src/random/index.ts";
import { apply, Tensor, tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";
import { jupyterDisplay } from "../../src/util/host.ts";

/** y = 3x with a gradient that is wrong in one element. */
const faulty: Op = {
  name: "faulty",
  forward: ([x]) => x.backend.binary("mul", x, x.backend.from([3], [], x.dtype)),
  backward: (gradient) => [
    () => {
      const wrong = Float64Array.from(gradient.data, (g, place) => (place === 4 ? 3.001 * g : 3 * g));
      return gradient.backend.from(wrong, gradient.shape, gradient.dtype);
    },
  ],
};

describe("gradientCheck of a model", () => {
  const images = Tensor.randn([3, 6, 6, 1]);
  const convolutional = (): nn.Sequential =>
    new nn.Sequential(
      new nn.Conv2d(1, 2, 3),
      new nn.BatchNorm2d(2),
      new nn.Tanh(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.Dropout(0.3),
      new nn.Linear(8, 3),
    );

  test("convolution, normalization, pooling and dropout pass; every parameter is listed", () => {
    const model = convolutional();
    const report = train.gradientCheck(() => crossEntropy(model.forward(images), [0, 2, 1]), model);
    expect(report.toString()).toContain("gradientCheck: passed");
    expect(report.passed).toBe(true);
    expect(report.parameters.map(({ name, checked }) => [name, checked])).toEqual([
      ["0.weight", 18],
      ["0.bias", 2],
      ["1.weight", 2],
      ["1.bias", 2],
      ["6.weight", 24],
      ["6.bias", 3],
    ]);
    expect(report.parameters.some(({ analytic }) => Math.abs(analytic) > 1e-3)).toBe(true);
  });

  test("recurrence and embedding pass", () => {
    class Reader extends nn.Module {
      embedding = new nn.Embedding(5, 3);
      recurrent = new nn.LSTM(3, 4);
      output = [new nn.Linear(4, 5)];
      forward(ids: Tensor): Tensor {
        const { output } = this.recurrent.forward(this.embedding.forward(ids));
        return this.output[0].forward(output.reshape([-1, 4]));
      }
    }
    const model = new Reader();
    const ids = tensor(
      [
        [0, 3, 1],
        [4, 4, 2],
      ],
      { dtype: "int32" },
    );
    const report = train.gradientCheck(() => crossEntropy(model.forward(ids), [3, 1, 0, 4, 2, 2]), model);
    expect(report.parameters.map(({ name }) => name)).toContain("recurrent.hiddenWeight");
    expect(report.passed, report.toString()).toBe(true);
  });

  test("it leaves parameters, buffers and random numbers as they were", () => {
    const model = convolutional();
    const [parameters, state] = [model.parameters(), model.stateDict()];
    random.seed(3);
    const before = random.defaultGenerator().state();
    train.gradientCheck(() => crossEntropy(model.forward(images), [0, 2, 1]), model);
    expect(model.parameters().every((parameter, place) => parameter === parameters[place])).toBe(true);
    expect(model.stateDict()).toEqual(state);
    expect(random.defaultGenerator().state()).toEqual(before);
    expect(parameters.every(({ grad, dtype }) => grad === null && dtype === "float32")).toBe(true);
  });

  test("a large parameter is checked at elements spread over it", () => {
    const model = new nn.Linear(100, 7);
    const report = train.gradientCheck(
      () =>
        model
          .forward(Tensor.ones([2, 100]))
          .tanh()
          .sum(),
      model,
      {
        elements: 10,
      },
    );
    expect(report.parameters.map(({ checked }) => checked)).toEqual([10, 7]);
    expect(report.passed).toBe(true);
  });
});

describe("gradientCheck of tensors", () => {
  const leaf = (): Tensor => Tensor.from(Float64Array.of(1, -2, 3, 4, 5, -6), [2, 3], { requiresGrad: true });

  test("names the parameter and the element that disagree, with both numbers", () => {
    const [right, wrong] = [leaf(), leaf()];
    const report = train.gradientCheck(() => apply(faulty, [wrong]).add(right.mul(right)).sum(), {
      right,
      wrong,
    });
    expect(report.passed).toBe(false);
    expect(report.toString()).toContain("gradientCheck: failed at wrong[1, 1]\n");
    const [first, second] = report.parameters;
    expect([first.error, second.index]).toEqual([0, [1, 1]]);
    expect(second.analytic).toBeCloseTo(3.001, 9);
    expect(second.numeric).toBeCloseTo(3, 7);
    expect(second.error).toBeCloseTo(0.001 / 3.001, 6);
    const bundle = report[jupyterDisplay]();
    expect(bundle["text/html"]).toContain("<p>gradientCheck: failed at wrong[1, 1]</p><table>");
    expect(
      train.gradientCheck(() => apply(faulty, [wrong]).sum(), { wrong }, { tolerance: 1e-2 }).passed,
    ).toBe(true);
  });

  test("a gradient that is missing disagrees; a parameter that is not used does not", () => {
    const [x, unused] = [leaf(), leaf()];
    const report = train.gradientCheck(() => x.mul(2).detach().mul(1).add(x).sum(), { x, unused });
    expect(report.parameters.map(({ error }) => error)).toEqual([expect.closeTo(2 / 3, 6), 0]);
  });

  test("at a kink any slope between those of both sides passes, and no other", () => {
    const model = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.ReLU());
    // Black pixels and a bias of 0 meet exactly at ReLU's kink.
    const black = Tensor.zeros([1, 4, 4, 1]);
    const report = train.gradientCheck(() => model.forward(black).sum(), model);
    expect(report.parameters.map(({ error, kinks }) => [error, kinks])).toEqual([
      [0, 0],
      [0, 2],
    ]);
    expect(report.toString()).toContain(
      "gradientCheck: passed, every relative difference is at most 0.00001; at a kink, as ReLU's at 0, and between the slopes of both sides: 2\n",
    );

    const slopeAtZero = (slope: number): boolean => {
      const x = Tensor.from(Float64Array.of(0), [1], { requiresGrad: true });
      const relu: Op = {
        name: "relu with a slope of its own at 0",
        forward: ([value]) => value.backend.unary("relu", value),
        backward: (gradient) => [() => gradient.backend.from([slope], gradient.shape, gradient.dtype)],
      };
      return train.gradientCheck(() => apply(relu, [x]).sum(), { x }).passed;
    };
    expect([-0.001, 0, 0.4, 1, 1.001].map(slopeAtZero)).toEqual([false, true, true, true, false]);
  });

  test("a sharp bend is no kink: the slopes of its sides meet", () => {
    const x = Tensor.from(Float64Array.of(0), [1], { requiresGrad: true });
    const bend: Op = {
      name: "1e6 x², with a slope of 0.5 at 0",
      forward: ([value]) =>
        value.backend.binary(
          "mul",
          value.backend.binary("mul", value, value),
          value.backend.from([1e6], [], "float64"),
        ),
      backward: (gradient) => [() => gradient.backend.from([0.5], gradient.shape, gradient.dtype)],
    };
    const report = train.gradientCheck(() => apply(bend, [x]).sum(), { x });
    expect([report.passed, report.parameters[0].kinks]).toEqual([false, 0]);
  });

  test("gradients of very different sizes are each held against their own", () => {
    const x = Tensor.from(Float64Array.of(1e-4, 1, 1e4), [3], { requiresGrad: true });
    expect(train.gradientCheck(() => x.mul(x).mul(x).sum().mul(1e-6), { x }, { step: 1e-5 }).passed).toBe(
      true,
    );
  });

  test("float32, inner results and losses that are no scalar are refused", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    expect(() => train.gradientCheck(() => x.sum(), { x })).toThrow(
      'gradientCheck: "x" must be a float64 leaf; make it with { dtype: "float64", requiresGrad: true }',
    );
    expect(() => train.gradientCheck(() => leaf(), { x: leaf() })).toThrow(
      "gradientCheck: the loss must be a scalar, got [2, 3]",
    );
    const model = new nn.Linear(2, 1);
    expect(() => train.gradientCheck(() => meanSquaredError(x, tensor([1, 2])), model)).toThrow(
      "gradientCheck: the loss came out as float32",
    );
    expect(() => train.gradientCheck(() => x, model, { step: 0 })).toThrow(
      new RangeError("gradientCheck: step must be > 0, got 0"),
    );
  });
});
