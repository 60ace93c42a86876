import { describe, expect, test } from "vitest";
import * as init from "../../src/initializers/index.ts";
import type { Initializer } from "../../src/initializers/index.ts";
import * as losses from "../../src/losses/index.ts";
import * as nn from "../../src/nn/index.ts";
import * as optim from "../../src/optim/index.ts";
import { generator, seed } from "../../src/random/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

const SHAPE = [300, 200];
const [fanIn, fanOut] = [50, 150];

const draw = (initializer: Initializer, seed: number): number[] => [
  ...initializer(SHAPE, { fanIn, fanOut, generator: generator(seed) }).data,
];

const moments = (values: number[]): { mean: number; variance: number; kurtosis: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const central = (power: number): number =>
    values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return { mean, variance: central(2), kurtosis: central(4) / central(2) ** 2 };
};

// The course's variances; a uniform on ±b has b²/3, and LeCun's has b² = 1/n_in.
const normals: [string, Initializer, number, number][] = [
  ["normal()", init.normal(), 0, 1],
  ["normal(0.5, 0.1)", init.normal(0.5, 0.1), 0.5, 0.01],
  ["lecunNormal", init.lecunNormal, 0, 1 / fanIn],
  ["xavierNormal", init.xavierNormal, 0, 2 / (fanIn + fanOut)],
  ["heNormal", init.heNormal, 0, 2 / fanIn],
];
const uniforms: [string, Initializer, number][] = [
  ["lecunUniform", init.lecunUniform, Math.sqrt(1 / fanIn)],
  ["xavierUniform", init.xavierUniform, Math.sqrt(6 / (fanIn + fanOut))],
  ["heUniform", init.heUniform, Math.sqrt(6 / fanIn)],
];

// 60,000 draws: a mean errs by σ/245, a variance by 0.6 % (normal) or 0.4 % (uniform); the bounds are five times that.
describe.each(normals)("%s", (_name, initializer, mean, variance) => {
  test.each([1, 2, 3])("is normal with its mean and variance, seed %i", (seed) => {
    const found = moments(draw(initializer, seed));
    expect(Math.abs(found.mean - mean)).toBeLessThan((5 * Math.sqrt(variance)) / 245);
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.03);
    expect(Math.abs(found.kurtosis - 3)).toBeLessThan(0.1);
  });
});

describe.each(uniforms)("%s", (_name, initializer, bound) => {
  test.each([1, 2, 3])("fills its bounds evenly, seed %i", (seed) => {
    const values = draw(initializer, seed);
    const found = moments(values);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
    expect(Math.max(...values)).toBeGreaterThan(0.999 * bound);
    expect(Math.min(...values)).toBeLessThan(-0.999 * bound);
    expect(Math.abs(found.mean)).toBeLessThan((5 * bound) / Math.sqrt(3) / 245);
    expect(Math.abs(found.variance / ((bound * bound) / 3) - 1)).toBeLessThan(0.02);
    expect(Math.abs(found.kurtosis - 1.8)).toBeLessThan(0.05);
  });
});

describe.each([...normals, ...uniforms].map(([name, initializer]) => [name, initializer] as const))(
  "%s",
  (_name, initializer) => {
    test("repeats with its seed, and draws from the session's generator by default", () => {
      expect(draw(initializer, 4)).toEqual(draw(initializer, 4));
      expect(draw(initializer, 4)).not.toEqual(draw(initializer, 5));
      seed(4);
      const drawn = initializer([7, 5], { fanIn, fanOut }).data;
      expect(drawn).toEqual(initializer([7, 5], { fanIn, fanOut, generator: generator(4) }).data);
    });

    test("an empty weight is empty", () => {
      expect(initializer([0, 3], { fanIn: 1, fanOut: 3 }).shape).toEqual([0, 3]);
    });
  },
);

describe("orthogonal", () => {
  /** The largest difference of xᵀx (or xxᵀ, where wide) from the identity. */
  const deviation = (values: Tensor): number => {
    const x = values.to("float64");
    const [rows, columns] = x.shape;
    const gram = rows >= columns ? x.transpose().matmul(x) : x.matmul(x.transpose());
    const identity = Tensor.eye(gram.shape[0], { dtype: "float64" });
    return gram.sub(identity).abs().max().item();
  };

  test.each([
    [1, 1],
    [5, 5],
    [7, 3],
    [3, 7],
    [1, 9],
    [9, 1],
    [64, 64],
    [200, 30],
  ])("[%i, %i]: the vectors of the shorter side are orthonormal", (rows, columns) => {
    expect(deviation(init.orthogonal([rows, columns]))).toBeLessThan(1e-6);
  });

  test("a convolution's weight is one matrix, a row for each output", () => {
    const weight = init.orthogonal([6, 3, 3, 2]);
    expect(weight.shape).toEqual([6, 3, 3, 2]);
    expect(deviation(weight.reshape([6, 18]))).toBeLessThan(1e-6);
  });

  test("each gate of a recurrent weight is orthogonal by itself", () => {
    const { hiddenWeight } = new nn.LSTM(3, 8, { hiddenInit: init.orthogonal });
    for (let gate = 0; gate < 4; gate++)
      expect(deviation(hiddenWeight.detach().slice(8 * gate, 8 * (gate + 1), 1))).toBeLessThan(1e-6);
  });

  test("every direction is equally likely: a 2 × 2 one turns by any angle, and mirrors half the time", () => {
    const own = generator(3);
    const drawn = Array.from({ length: 4000 }, () => [
      ...init.orthogonal([2, 2], { fanIn: 2, fanOut: 2, generator: own }).data,
    ]);
    const mirrored = drawn.filter(([a, b, c, d]) => a * d - b * c < 0).length / drawn.length;
    expect(Math.abs(mirrored - 0.5)).toBeLessThan(0.04);
    for (const place of [0, 1, 2, 3]) {
      const { mean, variance } = moments(drawn.map((values) => values[place]));
      expect(Math.abs(mean)).toBeLessThan(0.06);
      expect(Math.abs(variance - 0.5)).toBeLessThan(0.03);
    }
  });

  test("repeats with its seed; empty stays empty; a vector is refused", () => {
    const drawn = (): Tensor => init.orthogonal([4, 3], { fanIn: 4, fanOut: 3, generator: generator(1) });
    expect(drawn().data).toEqual(drawn().data);
    expect(init.orthogonal([0, 3]).shape).toEqual([0, 3]);
    expect(init.orthogonal([3, 0]).shape).toEqual([3, 0]);
    expect(() => init.orthogonal([3])).toThrow("fans: a weight has at least two axes, got [3]");
  });
});

describe("fans by shape", () => {
  test.each([
    [[64, 10], 64, 10],
    [[8, 5, 5, 3], 75, 200],
    [[8, 3, 2], 6, 24],
  ])("%j has n_in %i and n_out %i", (shape, fanIn, fanOut) => {
    expect(init.fans(shape)).toEqual({ fanIn, fanOut });
  });

  test("are what a call without fans takes, and what layers pass", () => {
    const passed: [readonly number[], unknown][] = [];
    const spy: Initializer = (shape, fans) => {
      passed.push([shape, fans]);
      return Tensor.zeros(shape);
    };
    void [new nn.Linear(6, 4, { init: spy }), new nn.Conv2d(3, 8, 5, { init: spy })];
    for (const [shape, fans] of passed) expect(fans).toEqual(init.fans(shape));
    expect(passed.length).toBe(2);
    // Each gate is a layer of its own.
    passed.length = 0;
    for (const Layer of [nn.RNN, nn.GRU, nn.LSTM]) void new Layer(6, 4, { init: spy, hiddenInit: spy });
    expect(passed.map(([, fans]) => fans)).toEqual(
      [1, 2, 3].flatMap(() => [
        { fanIn: 6, fanOut: 4 },
        { fanIn: 4, fanOut: 4 },
      ]),
    );
    const { data } = init.heUniform([600, 7]);
    const largest = Math.max(...data.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(0.1);
    expect(largest).toBeGreaterThan(0.099);
  });
});

test("forgetBias stands in the second of four gates", () => {
  expect([...init.forgetBias(2)([8]).data]).toEqual([0, 0, 2, 2, 0, 0, 0, 0]);
  expect([...init.forgetBias(-1)([4], { fanIn: 9, fanOut: 1 }).data]).toEqual([0, -1, 0, 0]);
});

test("normal is mean + deviation · what randn draws, and a deviation of 0 leaves the mean", () => {
  const drawn = [...Tensor.randn([5], { generator: generator(4) }).data];
  const made = init.normal(2, 3)([5], { fanIn: 1, fanOut: 1, generator: generator(4) });
  expect([...made.data]).toEqual(drawn.map((value) => Math.fround(2 + 3 * value)));
  expect([...init.normal(2, 0)([3]).data]).toEqual([2, 2, 2]);
});

describe("chrono", () => {
  test("memories of every length up to the longest: e^bias is uniform on [1, steps − 1]", () => {
    const size = 4000;
    const fans = { fanIn: size, fanOut: size, generator: generator(3) };
    const { data } = init.chrono(101)([4 * size], fans);
    const lengths = [...data.slice(size, 2 * size)].map(Math.exp);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(100.001);
    const { mean, variance } = moments(lengths);
    expect(Math.abs(mean - 50.5)).toBeLessThan(2);
    expect(Math.abs(variance / (99 ** 2 / 12) - 1)).toBeLessThan(0.05);
    expect([...data.slice(0, size)]).toEqual([...data.slice(size, 2 * size)].map((value) => -value));
    expect(data.slice(2 * size).every((value) => value === 0)).toBe(true);
  });

  test("in a GRU it is z that keeps", () => {
    const { bias } = new nn.GRU(3, 5, { biasInit: init.chrono(50) });
    expect([...bias!.data].map(Math.sign)).toEqual([
      ...Array(5).fill(0),
      ...Array(5).fill(1),
      ...Array(5).fill(0),
    ]);
  });
});

test("constant and zeros are what they say", () => {
  expect([...init.constant(0.25)([2, 2]).data]).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect([...init.zeros([3]).data]).toEqual([0, 0, 0]);
});

test.each([
  ["constant", init.constant(0.3)],
  ["zeros", init.zeros],
])("why not %s: after 20 steps the hidden units are still identical", (_name, initializer) => {
  const [hidden, output] = [
    new nn.Linear(3, 4, { init: initializer }),
    new nn.Linear(4, 2, { init: initializer }),
  ];
  const optimizer = new optim.SGD([...hidden.parameters(), ...output.parameters()], { learningRate: 0.5 });
  const inputs = tensor([
    [1, 2, -1],
    [0, -1, 3],
  ]);
  const labels = tensor([0, 1], { dtype: "int32" });
  for (let step = 0; step < 20; step++)
    optimizer.minimize(() => losses.crossEntropy(output.forward(hidden.forward(inputs).tanh()), labels));
  const columns = hidden.weight.detach().transpose().toArray() as number[][];
  for (const column of columns) expect(column).toEqual(columns[0]);
});

describe("bad arguments are refused by name and value", () => {
  const bad = { fanIn: 0, fanOut: 3 };
  test.each([
    [() => init.lecunNormal([1, 1], bad), "lecunNormal: fanIn must be > 0, got 0"],
    [() => init.heUniform([1, 1], { fanIn: 3, fanOut: NaN }), "heUniform: fanOut must be > 0, got NaN"],
    [() => init.chrono(2), "chrono: steps must be > 2, got 2"],
    [() => init.chrono(Infinity), "chrono: steps must be > 2, got Infinity"],
    [
      () => new nn.RNN(3, 2, { biasInit: init.chrono(9) }),
      "chrono: makes the bias [4 · hidden] of a recurrent layer with 4 gates, got [2] with 2 hidden units",
    ],
    [() => init.forgetBias(NaN), "forgetBias: the value must be a finite number, got NaN"],
    [
      () => init.forgetBias(1)([6], { fanIn: 2, fanOut: 2 }),
      "forgetBias: makes the bias [4 · hidden] of a recurrent layer with 4 gates, got [6] with 2 hidden units",
    ],
    [
      () => new nn.GRU(3, 2, { biasInit: init.forgetBias(1) }),
      "forgetBias: makes the bias [4 · hidden] of a recurrent layer with 4 gates, got [6] with 2 hidden units",
    ],
    [() => init.normal(0, -1), "normal: standardDeviation must be >= 0, got -1"],
    [() => init.normal(NaN), "normal: mean must be a finite number, got NaN"],
    [
      () => init.xavierNormal([5]),
      "fans: a weight has at least two axes, got [5]; say { fanIn, fanOut } yourself",
    ],
  ])("%#: %s", (make, message) => {
    expect(make).toThrow(new RangeError(message));
  });
});
