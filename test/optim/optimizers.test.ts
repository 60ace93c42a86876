import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Adam, Momentum, SGD } from "../../src/optim/index.ts";
import type { AdamOptions, MomentumOptions, Optimizer, OptimizerState } from "../../src/optim/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

type Options = AdamOptions & MomentumOptions;
type Values = Record<string, number[]>;

interface Golden {
  shapes: Record<string, number[]>;
  start: Values;
  gradients: Values[];
  cases: { name: "SGD" | "Momentum" | "Adam"; source: string; options: Options; trajectory: Values[] }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../reference/optimizers.json", import.meta.url), "utf8"),
) as Golden;
const optimizers = { SGD, Momentum, Adam };
const names = Object.keys(golden.shapes);

const start = (dtype: "float32" | "float64"): Tensor[] =>
  names.map((name) =>
    Tensor.from(Float64Array.from(golden.start[name]), golden.shapes[name], { dtype, requiresGrad: true }),
  );

/** One step along given gradients: those of the loss Σ g·w. */
const stepAlong = (optimizer: Optimizer, gradients: Values): void => {
  optimizer.minimize(() =>
    optimizer.parameters
      .map((parameter, index) => {
        const gradient = Float64Array.from(gradients[names[index]]);
        return parameter.mul(Tensor.from(gradient, parameter.shape, { dtype: parameter.dtype })).sum();
      })
      .reduce((sum, part) => sum.add(part)),
  );
};

const valuesOf = (optimizer: Optimizer): Values =>
  Object.fromEntries(optimizer.parameters.map((parameter, index) => [names[index], [...parameter.data]]));

const expectClose = (found: Values, expected: Values, tolerance: number): void => {
  for (const name of names) {
    found[name].forEach((value, index) => {
      const difference = Math.abs(value - expected[name][index]);
      expect(difference).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected[name][index])));
    });
  }
};

describe.each(golden.cases)("$name $options.epsilonPlacement: ten steps at ε = 0.1", (expected) => {
  test.each([
    ["float64", 1e-13],
    ["float32", 1e-6],
  ] as const)(`%s equals ${expected.source} within %d`, (dtype, tolerance) => {
    const optimizer = new optimizers[expected.name](start(dtype), expected.options);
    golden.gradients.forEach((gradients, index) => {
      stepAlong(optimizer, gradients);
      expectClose(valuesOf(optimizer), expected.trajectory[index], tolerance);
    });
  });

  test("saved after five steps and loaded into a new optimizer, it goes on bit for bit", () => {
    const whole = new optimizers[expected.name](start("float32"), expected.options);
    for (const gradients of golden.gradients.slice(0, 5)) stepAlong(whole, gradients);
    const parameters = whole.parameters.map((parameter) =>
      Tensor.from(parameter.data, parameter.shape, { requiresGrad: true }),
    );
    const resumed = new optimizers[expected.name](parameters, expected.options);
    resumed.loadStateDict(whole.stateDict());
    for (const gradients of golden.gradients.slice(5)) {
      stepAlong(whole, gradients);
      stepAlong(resumed, gradients);
    }
    expect(valuesOf(resumed)).toEqual(valuesOf(whole));
    expect(resumed.steps).toBe(10);
  });
});

test("the course's form and the paper's differ at ε = 0.1 already after one step; the course's is the default", () => {
  const [inside, outside, byDefault] = ["inside", "outside", undefined].map((epsilonPlacement) => {
    const options = { learningRate: 0.5, epsilon: 0.1, ...(epsilonPlacement && { epsilonPlacement }) };
    const optimizer = new Adam(start("float64"), options as AdamOptions);
    stepAlong(optimizer, golden.gradients[0]);
    return valuesOf(optimizer).weight[0];
  });
  expect(Math.abs(inside - outside)).toBeGreaterThan(1e-3);
  expect(byDefault).toBe(inside);
});

const methods: [string, (parameters: Tensor[]) => Optimizer][] = [
  ["SGD", (parameters) => new SGD(parameters, { learningRate: 0.1 })],
  ["Momentum", (parameters) => new Momentum(parameters, { learningRate: 0.02, momentum: 0.9 })],
  ["Adam", (parameters) => new Adam(parameters, { learningRate: 0.1 })],
];

describe.each(methods)("%s", (name, make) => {
  test("finds the minimum of an ill-scaled bowl, (x − 3)² + 5(y + 2)²", () => {
    const x = tensor(0, { requiresGrad: true });
    const y = tensor(0, { requiresGrad: true });
    const optimizer = make([x, y]);
    const loss = (): Tensor => {
      const [dx, dy] = [x.sub(3), y.add(2)];
      return dx.mul(dx).add(dy.mul(dy).mul(5));
    };
    const first = optimizer.minimize(loss);
    for (let step = 0; step < 400; step++) optimizer.minimize(loss);
    expect(first).toBe(29);
    expect(x.item()).toBeCloseTo(3, 2);
    expect(y.item()).toBeCloseTo(-2, 2);
  });

  test("stays finite for gradients of 0 and of ±1e15", () => {
    const w = tensor([0, 0, 0], { requiresGrad: true });
    const optimizer = make([w]);
    for (let step = 0; step < 3; step++) {
      optimizer.minimize(() => w.mul(tensor([0, 1e15, -1e15])).sum());
    }
    expect([...w.data].every(Number.isFinite)).toBe(true);
    expect(w.data[0]).toBe(0);
  });

  test("memory stays flat from step to step", () => {
    const w = Tensor.zeros([4, 4], { requiresGrad: true });
    const optimizer = make([w]);
    const step = (): number => {
      optimizer.minimize(() => w.sub(1).mul(w).exp().sum());
      return Tensor.memory().tensors;
    };
    const after = step();
    expect([step(), step(), step()]).toEqual([after, after, after]);
  });

  test("made inside a scope, it lives on", () => {
    const w = tensor([1], { requiresGrad: true });
    const made: Optimizer[] = [];
    Tensor.scope(() => void made.push(make([w])));
    made[0].minimize(() => w.sum());
    expect(w.data[0]).toBeLessThan(1);
  });

  test("a parameter that the loss does not reach stays as it is", () => {
    const [used, unused] = [tensor([1], { requiresGrad: true }), tensor([1], { requiresGrad: true })];
    make([used, unused]).minimize(() => used.sum());
    expect(used.data[0]).toBeLessThan(1);
    expect(unused.data[0]).toBe(1);
  });

  test("parameters are checked: some, each with a gradient, each once", () => {
    const w = tensor([1], { requiresGrad: true });
    expect(() => make([])).toThrow(
      new TypeError(`${name}: no parameters to optimize; give it model.parameters()`),
    );
    expect(() => make([w, tensor([1])])).toThrow(`${name}: parameter 1 does not require a gradient`);
    expect(() => make([w, w])).toThrow(`${name}: parameters 0 and 1 are the same`);
  });

  test("a loss that is no scalar, or no tensor, is refused and nothing changes", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const optimizer = make([w]);
    expect(() => optimizer.minimize(() => w.mul(2))).toThrow(
      "minimize: the loss must be a scalar tensor, got [2]",
    );
    expect(() => optimizer.minimize(() => undefined as never)).toThrow("got undefined; return it");
    expect([...w.data]).toEqual([1, 2]);
    expect(optimizer.steps).toBe(0);
  });

  test("a state that does not fit is refused", () => {
    const optimizer = make([tensor([1, 2], { requiresGrad: true })]);
    const other = make([tensor([1, 2, 3], { requiresGrad: true })]).stateDict();
    if (name !== "SGD")
      expect(() => optimizer.loadStateDict(other)).toThrow(/"m.0" is \[2\], the saved one \[3\]/);
    const foreign = {
      steps: 1,
      arrays: { "z.0": { shape: [2], dtype: "float32", data: new Float32Array(2) } },
    };
    expect(() => optimizer.loadStateDict(foreign as OptimizerState)).toThrow('unexpected "z.0"');
  });
});

describe("options out of range are refused by name and value", () => {
  const w = (): Tensor[] => [tensor([1], { requiresGrad: true })];
  test.each([
    [() => new SGD(w(), { learningRate: -0.1 }), "SGD: learningRate must be >= 0, got -0.1"],
    [() => new SGD(w(), { learningRate: NaN }), "SGD: learningRate must be >= 0, got NaN"],
    [() => new Momentum(w(), { learningRate: -1 }), "Momentum: learningRate must be >= 0, got -1"],
    [() => new Momentum(w(), { momentum: 1 }), "Momentum: momentum must lie in [0, 1), got 1"],
    [() => new Adam(w(), { learningRate: -0.1 }), "Adam: learningRate must be >= 0, got -0.1"],
    [() => new Adam(w(), { beta1: 1 }), "Adam: beta1 must lie in [0, 1), got 1"],
    [() => new Adam(w(), { beta2: -0.5 }), "Adam: beta2 must lie in [0, 1), got -0.5"],
    [() => new Adam(w(), { epsilon: -1 }), "Adam: epsilon must be >= 0, got -1"],
    [
      () => new Adam(w(), { epsilonPlacement: "under" as never }),
      'Adam: epsilonPlacement must be "inside" or "outside", got "under"',
    ],
  ])("%#: %s", (make, message) => {
    expect(make).toThrow(new RangeError(message));
  });
});
