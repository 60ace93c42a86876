import { describe, expect, test } from "vitest";
import { blobs, moons, spirals, type TensorDataset } from "../../src/data/index.ts";
import * as random from "../../src/random/index.ts";

const pointsOf = ({ inputs, classes }: TensorDataset): { x: number; y: number; label: number }[] =>
  Array.from(classes ?? [], (label, row) => ({
    x: inputs.data[2 * row],
    y: inputs.data[2 * row + 1],
    label,
  }));

const makers = { spirals, moons, blobs };
describe.each(Object.entries(makers))("%s", (name, make) => {
  test("count points in two dimensions, the classes equally often", () => {
    const dataset = make({ count: 100, seed: 1 });
    expect([dataset.length, dataset.inputShape]).toEqual([100, [2]]);
    const counts = new Map<number, number>();
    dataset.classes?.forEach((label) => counts.set(label, (counts.get(label) ?? 0) + 1));
    expect(new Set(counts.keys())).toEqual(new Set(name === "blobs" ? [0, 1, 2] : [0, 1]));
    for (const count of counts.values()) expect(Math.abs(count - 100 / counts.size)).toBeLessThan(1);
  });

  test("depends on its seed alone, or on the session's", () => {
    const first = make({ seed: 4 }).inputs.data;
    expect(make({ generator: random.generator(4) }).inputs.data).toEqual(first);
    random.seed(4);
    expect(make().inputs.data).toEqual(first);
    expect(make().inputs.data).not.toEqual(first);
    expect(make({ seed: 5 }).inputs.data).not.toEqual(first);
  });

  test("noise has the standard deviation asked for", () => {
    const count = 6000;
    const [clean, noisy] = [make({ count, noise: 0, seed: 1 }), make({ count, noise: 0.3, seed: 1 })];
    const errors = Array.from(noisy.inputs.data, (value, index) => value - clean.inputs.data[index]);
    const variance = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
    expect(Math.abs(variance - 0.09)).toBeLessThan(4 * 0.09 * Math.sqrt(2 / errors.length));
  });

  test("errors name the value", () => {
    expect(() => make({ count: 1 })).toThrow(`${name}: count must be an integer >= `);
    expect(() => make({ noise: -1 })).toThrow(`${name}: noise must be >= 0, got -1`);
  });
});

test("spirals: the distance grows with the angle, arms evenly turned", () => {
  for (const { x, y, label } of pointsOf(spirals({ count: 90, classes: 3, turns: 2, noise: 0 }))) {
    const distance = Math.hypot(x, y);
    expect(distance).toBeGreaterThan(0);
    expect(distance).toBeLessThanOrEqual(1.000001);
    const angle = 2 * Math.PI * (2 * distance + label / 3);
    expect(x).toBeCloseTo(distance * Math.cos(angle), 5);
    expect(y).toBeCloseTo(distance * Math.sin(angle), 5);
  }
});

test("moons: an upper half circle about (0, 0), a lower about (1, ½), both of radius 1", () => {
  for (const { x, y, label } of pointsOf(moons({ count: 50, noise: 0 }))) {
    const [centreX, centreY] = label === 0 ? [0, 0] : [1, 0.5];
    expect(Math.hypot(x - centreX, y - centreY)).toBeCloseTo(1, 6);
    expect(label === 0 ? y >= 0 : y <= 0.5 + 1e-6).toBe(true);
  }
});

test("blobs: centres evenly on the circle of radius 1", () => {
  const seen = pointsOf(blobs({ count: 8, classes: 4, noise: 0 })).map(({ x, y }) =>
    [x, y].map((v) => Math.round(v) + 0),
  );
  expect(seen.slice(0, 4)).toEqual([
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ]);
  expect(() => blobs({ classes: 0 })).toThrow("blobs: classes must be an integer >= 1, got 0");
  expect(() => spirals({ turns: NaN })).toThrow("spirals: turns must be finite, got NaN");
});
