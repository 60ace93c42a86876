import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  AdaDelta,
  AdaGrad,
  Adam,
  AdamW,
  LearningRateOptimizer,
  Momentum,
  Nesterov,
  RMSProp,
  schedules,
  SGD,
} from "../../src/optim/index.ts";
import type { AdamOptions, AdamWOptions, MomentumOptions, Optimizer } from "../../src/optim/index.ts";
import type { Optimized, OptimizerState, RMSPropOptions } from "../../src/optim/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

type Options = AdamWOptions & MomentumOptions & RMSPropOptions;
type Values = Record<string, number[]>;

interface Golden {
  shapes: Record<string, number[]>;
  start: Values;
  gradients: Values[];
  cases: {
    name: keyof typeof optimizers;
    source: string;
    options: Options;
    /** The loss has Σw²/2 beside Σ g·w, so that its gradient depends on where it is taken. */
    bowl: boolean;
    trajectory: Values[];
  }[];
  grouped: Record<"SGD" | "AdamW", Values[]>;
  scheduledMomentum: Values[];
}

const golden = JSON.parse(
  readFileSync(new URL("../reference/optimizers.json", import.meta.url), "utf8"),
) as Golden;
const optimizers = { SGD, Momentum, Nesterov, AdaGrad, RMSProp, AdaDelta, Adam, AdamW };
const names = Object.keys(golden.shapes);

const start = (dtype: "float32" | "float64"): Tensor[] =>
  names.map((name) =>
    Tensor.from(Float64Array.from(golden.start[name]), golden.shapes[name], { dtype, requiresGrad: true }),
  );

/** One step along given gradients: those of the loss Σ g·w, with Σw²/2 beside it in a bowl. */
const stepAlong = (optimizer: Optimizer, gradients: Values, bowl = false): void => {
  optimizer.minimize(() =>
    optimizer.parameters
      .map((parameter, index) => {
        const gradient = Float64Array.from(gradients[names[index]]);
        const slope = Tensor.from(gradient, parameter.shape, { dtype: parameter.dtype });
        const along = parameter.mul(slope).sum();
        return bowl ? along.add(parameter.mul(parameter).sum().div(2)) : along;
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

describe.each(golden.cases)("$name $options: ten steps", (expected) => {
  test.each([
    ["float64", 1e-13],
    ["float32", 1e-6],
  ] as const)(`%s equals ${expected.source} within %d`, (dtype, tolerance) => {
    const optimizer = new optimizers[expected.name](start(dtype), expected.options);
    golden.gradients.forEach((gradients, index) => {
      stepAlong(optimizer, gradients, expected.bowl);
      expectClose(valuesOf(optimizer), expected.trajectory[index], tolerance);
    });
  });

  test("saved after five steps and loaded into a new optimizer, it goes on bit for bit", () => {
    const options = { ...expected.options, schedule: schedules.cosine(9), clipGradients: { norm: 1 } };
    const own = expected.name === "AdaDelta" ? {} : { learningRate: 0.05 };
    const grouped = ([first, ...rest]: Tensor[]): Optimized => [{ parameters: [first], ...own }, ...rest];
    const whole = new optimizers[expected.name](grouped(start("float32")), options);
    if (whole instanceof LearningRateOptimizer) whole.learningRate *= 0.9;
    for (const gradients of golden.gradients.slice(0, 5)) stepAlong(whole, gradients);
    const parameters = whole.parameters.map((parameter) =>
      Tensor.from(parameter.data, parameter.shape, { requiresGrad: true }),
    );
    const resumed = new optimizers[expected.name](grouped(parameters), options);
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

describe("parameter groups and schedules", () => {
  const groups = ([weight, bias]: Tensor[]): Optimized => [
    weight,
    { parameters: [bias], learningRate: 0.05, weightDecay: 0.1 },
  ];
  const rates = { learningRate: 0.5, weightDecay: 0.3 };
  const cycle = schedules.oneCycle(12, { rise: 0.4, first: 0.1, last: 0.001 });
  const adam = {
    beta1: 0.6,
    beta2: 0.7,
    epsilon: 0.1,
    epsilonPlacement: "outside",
    schedule: cycle,
  } as const;
  const grouped: ["SGD" | "AdamW", (parameters: Tensor[]) => Optimizer][] = [
    ["SGD", (all) => new SGD(groups(all), { ...rates, schedule: schedules.exponential(0.9) })],
    ["AdamW", (all) => new AdamW(groups(all), { ...rates, ...adam })],
  ];

  test.each(grouped)("%s: a group's own rate and decay under one schedule equal PyTorch's", (name, make) => {
    const optimizer = make(start("float64"));
    golden.gradients.forEach((gradients, index) => {
      stepAlong(optimizer, gradients);
      expectClose(valuesOf(optimizer), golden.grouped[name][index], 1e-13);
    });
  });

  test("momentum keeps the rates its moves were made with", () => {
    const options = { learningRate: 0.3, momentum: 0.8, schedule: schedules.step(3, 0.4) };
    const optimizer = new Momentum(start("float64"), options);
    golden.gradients.forEach((gradients, index) => {
      stepAlong(optimizer, gradients);
      expectClose(valuesOf(optimizer), golden.scheduledMomentum[index], 1e-13);
    });
  });

  test("a group's rate keeps its ratio when the optimizer's changes", () => {
    const [weight, bias] = [tensor([0], { requiresGrad: true }), tensor([0], { requiresGrad: true })];
    const optimizer = new SGD([weight, { parameters: [bias], learningRate: 0.25 }], { learningRate: 1 });
    optimizer.learningRate = 0.5;
    optimizer.minimize(() => weight.add(bias).sum());
    expect([weight.item(), bias.item()]).toEqual([-0.5, -0.125]);
  });

  test("scheduledLearningRate is what the next step takes", () => {
    const w = tensor([0], { requiresGrad: true });
    const optimizer = new SGD([w], { learningRate: 1, schedule: schedules.step(1, 0.5) });
    const rates = [0, 1, 2].map(() => {
      const [before, rate] = [w.item(), optimizer.scheduledLearningRate];
      optimizer.minimize(() => w.sum());
      return [rate, before - w.item()];
    });
    expect(rates).toEqual([
      [1, 1],
      [0.5, 0.5],
      [0.25, 0.25],
    ]);
  });

  test("what a group cannot have is refused", () => {
    const w = (): Tensor => tensor([1], { requiresGrad: true });
    const group = (options: object): [{ parameters: Tensor[] }] => [{ parameters: [w()], ...options }];
    expect(() => new Adam(group({ weightDecay: 0.1 }))).toThrow(
      new TypeError(
        'Adam: a group of its parameters has no option "weightDecay"; it has parameters, learningRate',
      ),
    );
    expect(() => new AdaDelta(group({ learningRate: 0.1 }))).toThrow(
      /no option "learningRate"; it has parameters$/,
    );
    expect(() => new SGD(group({ learningRate: -1 }))).toThrow(
      new RangeError("SGD: a group's learningRate must be >= 0, got -1"),
    );
    expect(() => new SGD(group({ learningRate: 1 }), { learningRate: 0 })).toThrow(
      "must be > 0 when a group",
    );
    const twice = w();
    expect(() => new SGD([twice, { parameters: [twice] }])).toThrow("parameters 0 and 1 are the same");
  });

  test("a schedule that gives no number stops the step before anything moves", () => {
    const w = tensor([1], { requiresGrad: true });
    const optimizer = new SGD([w], { schedule: () => NaN });
    expect(() => optimizer.minimize(() => w.sum())).toThrow(
      "schedule: its factor at step 0 must be >= 0, got NaN",
    );
    expect([w.item(), optimizer.steps]).toEqual([1, 0]);
  });
});

describe("Nesterov", () => {
  test("evaluates the loss at w + αM and leaves the parameters at w when it throws", () => {
    const w = tensor([1], { requiresGrad: true });
    const optimizer = new Nesterov([w], { learningRate: 0.5, momentum: 0.5 });
    const seen: number[] = [];
    const loss = (): Tensor => {
      seen.push(w.item());
      return w.mul(w).sum().div(2);
    };
    // M: −½·1, then ½·(−½) − ½·¼; w: ½, then ½ − 0.375.
    expect([optimizer.minimize(loss), w.item()]).toEqual([0.5, 0.5]);
    expect([optimizer.minimize(loss), w.item()]).toEqual([0.03125, 0.125]);
    expect(seen).toEqual([1, 0.25]);
    expect(() =>
      optimizer.minimize(() => {
        expect(w.item()).toBe(-0.0625);
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect([w.item(), optimizer.steps]).toEqual([0.125, 2]);
  });

  test("step() alone with gradients taken at w is Momentum's", () => {
    const [a, b] = [start("float32"), start("float32")];
    const [nesterov, momentum] = [new Nesterov(a), new Momentum(b)];
    for (const gradients of golden.gradients) {
      for (const optimizer of [nesterov, momentum]) {
        optimizer.parameters.forEach((parameter, index) => {
          parameter.grad = Tensor.from(Float32Array.from(gradients[names[index]]), parameter.shape);
        });
        optimizer.step();
      }
    }
    expect(valuesOf(nesterov)).toEqual(valuesOf(momentum));
  });
});

test("AdamW without decay is Adam", () => {
  const [decoupled, adam] = [new AdamW(start("float32"), { weightDecay: 0 }), new Adam(start("float32"))];
  for (const gradients of golden.gradients) {
    stepAlong(decoupled, gradients);
    stepAlong(adam, gradients);
  }
  expect(valuesOf(decoupled)).toEqual(valuesOf(adam));
});

const methods: [string, (parameters: Tensor[]) => Optimizer][] = [
  ["SGD", (parameters) => new SGD(parameters, { learningRate: 0.1 })],
  ["Momentum", (parameters) => new Momentum(parameters, { learningRate: 0.02, momentum: 0.9 })],
  ["Nesterov", (parameters) => new Nesterov(parameters, { learningRate: 0.02, momentum: 0.9 })],
  ["AdaGrad", (parameters) => new AdaGrad(parameters, { learningRate: 1 })],
  [
    "RMSProp",
    (parameters) => new RMSProp(parameters, { learningRate: 0.1, schedule: schedules.exponential(0.98) }),
  ],
  ["AdaDelta", (parameters) => new AdaDelta(parameters, { epsilon: 1e-2 })],
  ["Adam", (parameters) => new Adam(parameters, { learningRate: 0.1 })],
  ["AdamW", (parameters) => new AdamW(parameters, { learningRate: 0.1, weightDecay: 0 })],
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
      expect(() => optimizer.loadStateDict(other)).toThrow(/"[mG].0" is \[2\], the saved one \[3\]/);
    const foreign = {
      steps: 1,
      arrays: { "z.0": { shape: [2], dtype: "float32", data: new Float32Array(2) } },
    };
    expect(() => optimizer.loadStateDict(foreign as OptimizerState)).toThrow('unexpected "z.0"');
    expect(() => optimizer.loadStateDict({ ...optimizer.stateDict(), steps: -1 })).toThrow(
      `${name}.loadStateDict: steps must be an integer >= 0, got -1`,
    );
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
    [() => new SGD(w(), { weightDecay: -1 }), "SGD: weightDecay must be >= 0, got -1"],
    [() => new Momentum(w(), { weightDecay: NaN }), "Momentum: weightDecay must be >= 0, got NaN"],
    [() => new Nesterov(w(), { momentum: 1 }), "Nesterov: momentum must lie in [0, 1), got 1"],
    [() => new Nesterov(w(), { weightDecay: -1 }), "Nesterov: weightDecay must be >= 0, got -1"],
    [() => new AdaGrad(w(), { epsilon: -1 }), "AdaGrad: epsilon must be >= 0, got -1"],
    [() => new AdaGrad(w(), { learningRate: Infinity }), "AdaGrad: learningRate must be >= 0, got Infinity"],
    [() => new RMSProp(w(), { decay: 1 }), "RMSProp: decay must lie in [0, 1), got 1"],
    [() => new RMSProp(w(), { epsilon: NaN }), "RMSProp: epsilon must be >= 0, got NaN"],
    [() => new AdaDelta(w(), { decay: -1 }), "AdaDelta: decay must lie in [0, 1), got -1"],
    [() => new AdaDelta(w(), { epsilon: -1 }), "AdaDelta: epsilon must be >= 0, got -1"],
    [() => new AdamW(w(), { weightDecay: -1 }), "AdamW: weightDecay must be >= 0, got -1"],
    [() => new AdamW(w(), { beta2: 1 }), "AdamW: beta2 must lie in [0, 1), got 1"],
    [() => new SGD(w(), { clipGradients: { norm: 0 } }), "SGD: clipGradients: norm must be > 0, got 0"],
    [
      () => new Adam(w(), { epsilonPlacement: "under" as never }),
      'Adam: epsilonPlacement must be "inside" or "outside", got "under"',
    ],
  ])("%#: %s", (make, message) => {
    expect(make).toThrow(new RangeError(message));
  });
});

describe("what is not said is what the documentation says", () => {
  const adam = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, epsilonPlacement: "inside" };
  const momentum = { learningRate: 0.01, momentum: 0.9, weightDecay: 0 };
  test.each([
    [SGD, { learningRate: 0.01, weightDecay: 0 }],
    [Momentum, momentum],
    [Nesterov, momentum],
    [AdaGrad, { learningRate: 0.01, epsilon: 1e-8, epsilonPlacement: "inside" }],
    [RMSProp, { learningRate: 0.001, decay: 0.9, epsilon: 1e-8, epsilonPlacement: "inside" }],
    [AdaDelta, { decay: 0.9, epsilon: 1e-6, epsilonPlacement: "inside" }],
    [Adam, adam],
    [AdamW, { ...adam, weightDecay: 0.01 }],
  ])("%o", (Method, defaults) => {
    expect(new Method(start("float32"))).toMatchObject(defaults);
  });

  test("a memory of 0 is one", () => {
    for (const Method of [Momentum, Nesterov]) {
      const [plain, without] = [new SGD(start("float64")), new Method(start("float64"), { momentum: 0 })];
      for (const gradients of golden.gradients)
        for (const each of [plain, without]) stepAlong(each, gradients);
      expectClose(valuesOf(without), valuesOf(plain), 1e-15);
    }
    expect(new Adam(start("float32"), { beta1: 0, beta2: 0 })).toMatchObject({ beta1: 0, beta2: 0 });
  });
});
