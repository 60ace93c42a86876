import { describe, expect, test } from "vitest";
import { data, losses, nn, optim, random, regularizers, Tensor, tensor, train } from "../../src/index.ts";
import type { Optimizer } from "../../src/optim/index.ts";
import { expectGradient, leaf } from "../support/gradient.ts";

const bound = 1e-12;

describe("penalties are the course's, without a half", () => {
  const [a, b] = [
    tensor(
      [
        [1, -2],
        [0, 3],
      ],
      { requiresGrad: true },
    ),
    tensor([-4], { requiresGrad: true }),
  ];
  test.each([
    ["l1", regularizers.l1(0.5), 5],
    ["l2", regularizers.l2(0.5), 15],
    ["elasticNet", regularizers.elasticNet({ l1: 0.5, l2: 0.25 }), 12.5],
    ["l1, only the weight", regularizers.l1(0.5, { only: [a] }), 3],
    ["l2, only the weight", regularizers.l2(0.5, { only: [a] }), 7],
    ["l1 of nothing", regularizers.l1(0.5, { only: [] }), 0],
    ["l1 with λ = 0", regularizers.l1(0), 0],
  ])("%s", (_name, penalty, expected) => {
    const value = penalty([a, b]);
    expect(value.shape).toEqual([]);
    expect(value.item()).toBe(expected);
    expect(penalty([]).item()).toBe(0);
  });

  test.each([
    ["l1", regularizers.l1(0.3)],
    ["l2", regularizers.l2(0.3)],
    ["elasticNet", regularizers.elasticNet({ l1: 0.3, l2: 0.2 })],
  ])("%s: gradients match central differences", (_name, penalty) => {
    expectGradient((x, y) => penalty([x, y.mul(2)]), [leaf([3, 4]), leaf([5])]);
  });

  test("l1's subgradient at 0 is 0, and λ sign(w) elsewhere", () => {
    const w = tensor([2, 0, -3, -0], { requiresGrad: true });
    regularizers.l1(0.5)([w]).backward();
    expect([...w.grad!.data].map((value) => value + 0)).toEqual([0.5, 0, -0.5, 0]);
  });

  test.each([
    [() => regularizers.l1(-1), "l1: lambda must be >= 0, got -1"],
    [() => regularizers.l2(NaN), "l2: lambda must be >= 0, got NaN"],
    [() => regularizers.elasticNet({ l1: -1, l2: 1 }), "elasticNet: l1 must be >= 0, got -1"],
    [() => regularizers.elasticNet({ l1: 1, l2: Infinity }), "elasticNet: l2 must be >= 0, got Infinity"],
  ])("%#: %s", (make, message) => {
    expect(make).toThrow(new RangeError(message));
  });
});

describe("one step of minimize takes L1 as a proximal step", () => {
  const start = [0.5, -0.5, 0.02, -0.02, 0];
  const slope = [1, 1, 0, 0.05, 0.01];
  // λ = 0.1, η = 0.5: the step along the slope, then 0.05 toward 0 and no further.
  const expected = [0, -1 + 0.05, 0, 0, 0];

  test.each([1, 0.25])("soft thresholding, whatever factor (%d) λ comes with", (factor) => {
    const w = tensor(start, { dtype: "float64", requiresGrad: true });
    const optimizer = new optim.SGD([w], { learningRate: 0.5 });
    const penalty = regularizers.l1(0.1 / factor);
    const along = tensor(slope, { dtype: "float64" });
    const loss = optimizer.minimize(() =>
      w
        .mul(along)
        .sum()
        .add(penalty([w]).mul(factor)),
    );
    for (const [index, value] of [...w.data].entries())
      expect(Math.abs(value - expected[index])).toBeLessThan(bound);
    expect([...w.data].filter((value) => Object.is(value, 0)).length).toBe(4);
    const before = start.reduce((sum, value, index) => sum + value * slope[index] + 0.1 * Math.abs(value), 0);
    expect(loss).toBeCloseTo(before, 12);
    for (const [index, value] of w.grad!.data.entries()) expect(value).toBeCloseTo(slope[index], 12);
  });

  test("a penalty on something computed, or with a minus, keeps its subgradient", () => {
    const w = tensor([0.5, -0.5], { requiresGrad: true });
    new optim.SGD([w], { learningRate: 1 }).minimize(() => regularizers.l1(0.25)([w.mul(2)]));
    expect([...w.data]).toEqual([0, 0]);
    new optim.SGD([w], { learningRate: 1 }).minimize(() => w.sum().add(regularizers.l1(0.25)([w]).neg()));
    expect([...w.data]).toEqual([-1, -1]);
  });

  test("groups and schedules scale it as they scale η", () => {
    const [a, b] = [tensor([1], { requiresGrad: true }), tensor([1], { requiresGrad: true })];
    const optimizer = new optim.SGD([a, { parameters: [b], learningRate: 0.25 }], {
      learningRate: 1,
      schedule: () => 0.5,
    });
    optimizer.minimize(() => regularizers.l1(0.5)([a, b]));
    expect([a.item(), b.item()]).toEqual([0.75, 0.9375]);
  });

  test("memory stays flat", () => {
    const w = tensor([[0.5, -0.5]], { requiresGrad: true });
    const optimizer = new optim.Adam([w]);
    const step = (): number => {
      optimizer.minimize(() =>
        w
          .mul(w)
          .sum()
          .add(regularizers.elasticNet({ l1: 0.1, l2: 0.1 })([w])),
      );
      return Tensor.memory().tensors;
    };
    const after = step();
    expect([step(), step()]).toEqual([after, after]);
  });
});

/**
 * ½ Σ a(w − c)² + λ Σ|w| has its minimum at sign(c) · max(|c| − λ/a, 0). Every method must find that very point: a
 * threshold in other units than the method's own steps, or a velocity that gathers at 0, would end elsewhere.
 */
const methods: [string, (w: Tensor[]) => Optimizer][] = [
  ["SGD", (w) => new optim.SGD(w, { learningRate: 0.05 })],
  ["Momentum", (w) => new optim.Momentum(w, { learningRate: 0.02 })],
  ["Nesterov", (w) => new optim.Nesterov(w, { learningRate: 0.02 })],
  ["AdaGrad", (w) => new optim.AdaGrad(w, { learningRate: 0.5 })],
  ["AdaGrad, ε outside", (w) => new optim.AdaGrad(w, { learningRate: 0.5, epsilonPlacement: "outside" })],
  ["RMSProp", (w) => new optim.RMSProp(w, { learningRate: 0.02, epsilon: 0.1 })],
  ["AdaDelta", (w) => new optim.AdaDelta(w, { epsilon: 1e-2 })],
  ["Adam", (w) => new optim.Adam(w, { learningRate: 0.02, epsilon: 0.01 })],
  ["AdamW", (w) => new optim.AdamW(w, { learningRate: 0.02, epsilon: 0.01, weightDecay: 0 })],
];

test.each(methods)("%s ends at the minimum of the penalized bowl, its zeros exact", (_name, make) => {
  const [a, c] = [
    tensor([1, 4, 1, 2, 1], { dtype: "float64" }),
    tensor([2, -1, 0.3, -0.2, 0], { dtype: "float64" }),
  ];
  const w = tensor([-0.5, 0.4, 1, -1, 0.7], { dtype: "float64", requiresGrad: true });
  const optimizer = make([w]);
  const penalty = regularizers.l1(0.5);
  for (let step = 0; step < 3000; step++)
    optimizer.minimize(() => {
      const away = w.sub(c);
      return away
        .mul(away)
        .mul(a)
        .sum()
        .div(2)
        .add(penalty([w]));
    });
  const found = [...w.data];
  expect(found[0]).toBeCloseTo(1.5, 4);
  expect(found[1]).toBeCloseTo(-0.875, 4);
  expect(found.slice(2)).toEqual([0, 0, 0]);
});

test("train.fit with l1 selects the features that matter and reports the rest as exact zeros", async () => {
  random.seed(5);
  const inputs = Tensor.randn([200, 10]);
  const truth = tensor([[2], [0], [0], [-1.5], [0], [0], [0], [1], [0], [0]]);
  const targets = inputs.matmul(truth).add(Tensor.randn([200, 1]).mul(0.05));
  const layer = new nn.Linear(10, 1);
  await train.fit(layer, {
    data: new data.DataLoader(new data.TensorDataset(inputs, targets), {
      batchSize: 50,
      shuffle: true,
      seed: 1,
    }),
    loss: losses.meanSquaredError,
    optimizer: new optim.SGD(layer.parameters(), { learningRate: 0.05 }),
    regularizer: regularizers.l1(0.3, { only: [layer.weight] }),
    epochs: 60,
    progress: false,
  });
  const { selected, dropped, zeros, fraction } = regularizers.featureSelection(layer.weight);
  expect(selected).toEqual([0, 3, 7]);
  expect(dropped).toEqual([1, 2, 4, 5, 6, 8, 9]);
  expect([zeros, fraction]).toEqual([7, 0.7]);
});

test("featureSelection counts exact zeros, by input and in all", () => {
  const weight = tensor([
    [0, 0],
    [1, 0],
    [-0, 0],
    [0, -1e-30],
  ]);
  expect(regularizers.featureSelection(weight)).toEqual({
    selected: [1, 3],
    dropped: [0, 2],
    zeros: 6,
    fraction: 0.75,
  });
  expect(regularizers.featureSelection(Tensor.zeros([0, 3])).fraction).toBe(0);
  expect(() => regularizers.featureSelection(tensor([1]))).toThrow(
    new RangeError("featureSelection: expected a weight [in, out], got [1]"),
  );
});
