import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { clipGradients, type ClipOptions, SGD } from "../../src/optim/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

type Values = Record<string, number[]>;
const golden = JSON.parse(readFileSync(new URL("../reference/optimizers.json", import.meta.url), "utf8")) as {
  shapes: Record<string, number[]>;
  gradients: Values[];
  clipping: { norms: number[]; byNorm: Values[]; byValue: Values[] };
};
const names = Object.keys(golden.shapes);

const withGradients = (gradients: Values): Tensor[] =>
  names.map((name) => {
    const parameter = Tensor.zeros(golden.shapes[name], { dtype: "float64", requiresGrad: true });
    parameter.grad = Tensor.from(Float64Array.from(gradients[name]), golden.shapes[name]);
    return parameter;
  });

const leaf = (gradient: number[]): Tensor => {
  const parameter = Tensor.zeros([gradient.length], { requiresGrad: true });
  parameter.grad = tensor(gradient);
  return parameter;
};

// PyTorch adds 1e-6 to the norm it divides by.
test.each([
  ["byNorm", { norm: 1.5 }, 2e-6],
  ["byValue", { value: 0.5 }, 0],
] as const)("%s equals PyTorch's", (kind, options, tolerance) => {
  golden.gradients.forEach((gradients, step) => {
    const parameters = withGradients(gradients);
    const norm = clipGradients(parameters, options);
    expect(norm).toBeCloseTo(golden.clipping.norms[step], 13);
    for (const [index, name] of names.entries())
      for (const [place, value] of parameters[index].grad!.data.entries())
        expect(Math.abs(value - golden.clipping[kind][step][name][place])).toBeLessThanOrEqual(tolerance);
  });
});

test("a norm within the limit leaves the gradients, to the bit and in place", () => {
  const w = leaf([3, 4]);
  const { grad } = w;
  expect(clipGradients([w, Tensor.zeros([2], { requiresGrad: true })], { norm: 5 })).toBe(5);
  expect(w.grad).toBe(grad);
  expect(clipGradients([], { norm: 5 })).toBe(0);
});

test("huge gradients have a norm, and infinite ones stay, since they have no direction", () => {
  const w = leaf([3e38, -4e37, 0]);
  expect(clipGradients([w], { norm: 1 })).toBeGreaterThan(3e38);
  expect(Math.hypot(...w.grad!.data)).toBeCloseTo(1, 6);
  const wild = leaf([Infinity, 1, NaN]);
  expect(clipGradients([wild], { norm: 1 })).toBeNaN();
  expect([...wild.grad!.data]).toEqual([Infinity, 1, NaN]);
  clipGradients([wild], { value: 2 });
  expect([...wild.grad!.data]).toEqual([2, 1, NaN]);
});

test("gradients that share their memory are clipped once each", () => {
  const [a, b] = [leaf([0, 0]), leaf([0, 0])];
  a.grad = b.grad = null;
  a.add(b)
    .mul(tensor([3, 4]))
    .sum()
    .backward();
  expect(clipGradients([a, b], { norm: Math.SQRT1_2 })).toBeCloseTo(5 * Math.SQRT2, 6);
  for (const { grad } of [a, b]) expect(Math.hypot(...grad!.data)).toBeCloseTo(0.5, 6);
});

test("an optimizer clips before each step, and memory stays flat", () => {
  const w = tensor([0, 0], { requiresGrad: true });
  const optimizer = new SGD([w], { learningRate: 1, clipGradients: { norm: 1 } });
  const step = (): number => {
    optimizer.minimize(() => w.mul(tensor([3, 4])).sum());
    return Tensor.memory().tensors;
  };
  const after = step();
  expect(w.data[0]).toBeCloseTo(-0.6, 6);
  expect(w.data[1]).toBeCloseTo(-0.8, 6);
  expect([step(), step()]).toEqual([after, after]);
});

test.each([
  [{ norm: 0 }, new RangeError("clipGradients: norm must be > 0, got 0")],
  [{ value: NaN }, new RangeError("clipGradients: value must be > 0, got NaN")],
  [{}, new TypeError("clipGradients: give { norm } or { value }, got {  }")],
  [{ norm: 1, value: 1 }, new TypeError("clipGradients: give { norm } or { value }, got { norm, value }")],
])("%j is refused", (options, error) => {
  expect(() => clipGradients([leaf([1])], options as ClipOptions)).toThrow(error);
});
