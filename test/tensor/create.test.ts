import { describe, expect, test } from "vitest";
import { generator } from "../../src/random/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

describe("arange", () => {
  test.each([
    [[4], [0, 1, 2, 3]],
    [
      [2, 5],
      [2, 3, 4],
    ],
    [[5, 2], []],
    [
      [0, 5, 2],
      [0, 2, 4],
    ],
    [
      [0, 4, 2],
      [0, 2],
    ],
    [[0], []],
  ])("arange of %j is %j", (args, values) => {
    expect(Tensor.arange(...(args as [number])).toArray()).toEqual(values);
  });

  test.each([0, Infinity, NaN])("step %d is refused", (step) => {
    expect(() => Tensor.arange(0, 1, step)).toThrow(`Tensor.arange: step must not be ${step}`);
  });
});

describe("linspace", () => {
  test("both ends are included exactly", () => {
    const float64 = { dtype: "float64" } as const;
    for (const end of [0.1, 0.7, 1 / 3, 1e300, -2.2])
      for (const count of [2, 4, 7, 50]) {
        const values = Tensor.linspace(0.3, end, count, float64).data;
        expect([values[0], values[count - 1]]).toEqual([0.3, end]);
      }
    expect(Tensor.linspace(2, 3, 1).toArray()).toEqual([2]);
  });

  test.each([0, 2.5, -1])("%d numbers are refused", (count) => {
    expect(() => Tensor.linspace(0, 1, count)).toThrow("Tensor.linspace: count must be an integer >= 1");
  });
});

describe("random tensors", () => {
  const stuck = (u: number): never => Object.assign(generator(1), { uniform: () => u }) as never;

  test("the generator that was given is the one that is drawn from", () => {
    const draw = (seed: number): unknown => Tensor.randn([4], { generator: generator(seed) }).toArray();
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test.each([
    [0, 1],
    [2, 3],
    [-1, 1e-30],
  ])("uniform never reaches the end of [%d, %d)", (low, high) => {
    const greatest = stuck(1 - 2 ** -53);
    for (const dtype of ["float32", "float64"] as const) {
      const value = Tensor.uniform([1], low, high, { generator: greatest, dtype }).item();
      expect(value).toBeLessThan(high);
      expect(value).toBeGreaterThanOrEqual(low);
    }
  });
});

describe("shapes", () => {
  test("a tensor keeps the shape it was made with, whatever becomes of the list", () => {
    const shape = [2, 3];
    const made = [Tensor.zeros(shape), Tensor.from([1, 2, 3, 4, 5, 6], shape), Tensor.randn(shape)];
    made.push(made[0].reshape(shape));
    shape[0] = 9;
    for (const x of made) expect(x.shape).toEqual([2, 3]);
  });

  test.each([[[1.5]], [[-1]], [[NaN]]])("%j is refused", (shape) => {
    expect(() => Tensor.zeros(shape)).toThrow("Tensor.zeros: sizes must be integers >= 0");
  });

  test("null is named as what it is", () => {
    expect(() => tensor([null] as never)).toThrow("tensor: expected numbers, got null");
  });
});
