import { describe, expect, test } from "vitest";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";

const numbers = [0, -0, 1, -1, 2, -2, 0.5, Infinity, -Infinity, NaN, 1e-45, 3.4e38];

describe("pow: special values as PyTorch's", () => {
  test.each([
    [0, numbers.map(() => 1)],
    [2, [0, 0, 1, 1, 4, 4, 0.25, Infinity, Infinity, NaN, 0, Infinity]],
    [3, [0, -0, 1, -1, 8, -8, 0.125, Infinity, -Infinity, NaN, 0, Infinity]],
    [-1, [Infinity, -Infinity, 1, -1, 0.5, -0.5, 2, 0, -0, NaN, Infinity, Math.fround(1 / Math.fround(3.4e38))]],
    [-2, [Infinity, Infinity, 1, 1, 0.25, 0.25, 4, 0, 0, NaN, Infinity, 0]],
    [0.5, numbers.map((x) => Math.fround(Math.sqrt(Math.fround(x))))],
    [Infinity, [0, 0, 1, 1, Infinity, Infinity, 0, Infinity, Infinity, NaN, 0, Infinity]],
    [-Infinity, [Infinity, Infinity, 1, 1, 0, 0, Infinity, 0, 0, NaN, Infinity, 0]],
    [NaN, [NaN, NaN, 1, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN]],
  ])("%d", (exponent, expected) => {
    expect([...tensor(numbers).pow(exponent).data]).toEqual(expected);
  }); // prettier-ignore

  test("whole powers of whole numbers are exact in both widths", () => {
    for (const dtype of ["float32", "float64"] as const) {
      expect(tensor([3, -3, 7, 10], { dtype }).pow(5).toArray()).toEqual([243, -243, 16807, 100000]);
      expect(
        tensor([3, 2, 10], { dtype })
          .pow(tensor([4, 10, 7], { dtype }))
          .toArray(),
      ).toEqual([81, 1024, 1e7]);
    }
    expect(tensor(Float64Array.of(1e155)).pow(-2).item()).toBe(1e-310);
  });

  test("the gradient stays finite where the power is constant or not used", () => {
    const x = tensor([0, 0, 2], { requiresGrad: true });
    const y = tensor([0, 2, 0], { requiresGrad: true });
    x.pow(y).sum().backward();
    expect(x.grad!.toArray()).toEqual([0, 0, 0]);
    expect(y.grad!.toArray()).toEqual([0, 0, Math.fround(Math.log(2))]);
    const z = tensor([0, NaN], { requiresGrad: true });
    z.pow(0).sum().backward();
    expect(z.grad!.toArray()).toEqual([0, 0]);
  });
});

describe("comparisons", () => {
  const [x, y] = [tensor([1, 2, 3, NaN]), tensor([2, 2, 2, NaN])];
  test.each([
    ["equal", [0, 1, 0, 0]],
    ["notEqual", [1, 0, 1, 1]],
    ["greater", [0, 0, 1, 0]],
    ["greaterEqual", [0, 1, 1, 0]],
    ["less", [1, 0, 0, 0]],
    ["lessEqual", [1, 1, 0, 0]],
  ] as const)("%s", (name, expected) => {
    expect(x[name](y).toArray()).toEqual(expected);
    expect([...x[name](2).data].slice(0, 3)).toEqual(expected.slice(0, 3));
    expect(x[name](y).dtype).toBe("float32");
  });

  test("int32 compares exactly, where float32 no longer tells neighbours apart", () => {
    const large = tensor(Int32Array.of(16777216, 16777217));
    expect(large.equal(tensor(Int32Array.of(16777217, 16777217))).toArray()).toEqual([0, 1]);
    expect(large.less(16777217).toArray()).toEqual([1, 0]);
    expect(large.equal(16777217).dtype).toBe("float32");
    expect(
      tensor(Uint8Array.of(3))
        .equal(tensor(Int32Array.of(3)))
        .item(),
    ).toBe(1);
    expect(large.greater(tensor(Float64Array.of(16777216.5, 0))).dtype).toBe("float64");
    expect(large.less(16777216.5).toArray()).toEqual([1, 0]);
    expect(large.less(tensor([16777216, 16777218])).toArray()).toEqual([0, 1]);
    expect(large.less(2 ** 31).toArray()).toEqual([1, 1]);
    expect(large.greater(NaN).toArray()).toEqual([0, 0]);
  });

  test("extremes of integers are exact, and integers", () => {
    const large = tensor(Int32Array.of(16777216, 16777217, -2147483648, 2147483647, 2147483647), {});
    expect([large.max().item(), large.max().dtype]).toEqual([2147483647, "int32"]);
    expect([large.min().item(), large.argmin().item()]).toEqual([-2147483648, 2]);
    expect(large.slice(0, 2).max(0, true).toArray()).toEqual([16777217]);
    expect(large.slice(0, 2).argmax().item()).toBe(1);
    const bytes = tensor(Uint8Array.of(200, 3, 255, 255)).reshape([2, 2]);
    expect(bytes.max(0).toArray()).toEqual([255, 255]);
    expect([bytes.min(1).dtype, bytes.argmax(1).dtype]).toEqual(["uint8", "int32"]);
    expect(bytes.argmax(1).toArray()).toEqual([0, 0]);
  });

  test("integers from both backends compare", () => {
    const onReference = tensor(Float64Array.of(1, 3, 2)).argmax();
    expect(onReference.equal(tensor(Int32Array.of(1, 2))).toArray()).toEqual([1, 0]);
    expect(onReference.max().item()).toBe(1);
  });
});

describe("where", () => {
  test("what is not chosen may be anything, in value and gradient", () => {
    const x = tensor([0, 4], { requiresGrad: true });
    const y = x.where(x.greater(0), 1).log();
    expect([...y.data]).toEqual([0, Math.fround(Math.log(4))]);
    y.sum().backward();
    expect(x.grad!.toArray()).toEqual([0, 0.25]);
    expect(Tensor.where(tensor([1, 0]), tensor([1, NaN]), tensor([NaN, 2])).toArray()).toEqual([1, 2]);
  });

  test("a condition of any type, NaN counting as true; choices of any type", () => {
    const of = (condition: Tensor): unknown => Tensor.where(condition, 1, 2).toArray();
    expect(of(tensor(Int32Array.of(0, 5)))).toEqual([2, 1]);
    expect(of(tensor(Uint8Array.of(0, 255)))).toEqual([2, 1]);
    expect(of(tensor([NaN, -0]))).toEqual([1, 2]);
    expect(of(tensor(Float64Array.of(1e-300, 0)))).toEqual([1, 2]);
    const labels = tensor(Int32Array.of(16777217, 3));
    expect(labels.where(tensor([1, 0]), -1).toArray()).toEqual([16777217, -1]);
    expect(labels.where(tensor([1, 0]), 0.5).dtype).toBe("float32");
    expect(Tensor.where(tensor([1, 0]), tensor(Float64Array.of(0.1, 0.2)), 7).toArray()).toEqual([0.1, 7]);
  });
});

describe("reductions over several axes", () => {
  const x = Tensor.arange(24).reshape([2, 3, 4]);
  test("sum, mean, max, min", () => {
    expect(x.sum([0, 2]).toArray()).toEqual([60, 92, 124]);
    expect(x.mean([0, 2]).toArray()).toEqual([7.5, 11.5, 15.5]);
    expect(x.max([2, 0], true).toArray()).toEqual([[[15], [19], [23]]]);
    expect(x.min([-1, -2]).toArray()).toEqual([0, 12]);
    expect(x.sum([]).toArray()).toEqual(x.toArray());
    expect(Tensor.zeros([2, 0]).max(0).shape).toEqual([0]);
    expect(Tensor.zeros([2, 0, 3]).argmin(-1, true).shape).toEqual([2, 0, 1]);
  });

  test("variance: unbiased as in PyTorch, NaN for one element, 0 with correction 0", () => {
    expect(tensor([1, 2, 3, 4]).variance().item()).toBe(Math.fround(5 / 3));
    expect(tensor([1, 2, 3, 4]).variance(0, false, 0).item()).toBe(1.25);
    expect(tensor([5]).variance().item()).toBe(NaN);
    expect(tensor([5]).variance(0, true, 0).toArray()).toEqual([0]);
    expect(Tensor.zeros([0]).variance().item()).toBe(NaN);
    expect(tensor([1, 2]).variance(0, false, 3).item()).toBe(Infinity);
    // The mean of squares less the square of the mean would lose everything here.
    expect(tensor([10000001, 10000002, 10000003]).variance().item()).toBe(1);
  });

  test("argmin: the first of equals, NaN as least", () => {
    expect(tensor([[3, 1, 1], [0, -0, NaN]]).argmin(1).toArray()).toEqual([1, 2]); // prettier-ignore
    expect(tensor([[3, 1], [2, 1]]).argmin(0, true).toArray()).toEqual([[1, 0]]); // prettier-ignore
    expect(() => Tensor.zeros([0]).argmin()).toThrow("argmin: [0] has no elements");
  });
});

describe("functions at the extremes", () => {
  const x = [0, -0, 1000, -1000, Infinity, -Infinity, NaN];
  test.each<[string, (x: Tensor) => Tensor, number[]]>([
    ["softplus", (x) => x.softplus(), [Math.log(2), Math.log(2), 1000, 0, Infinity, 0, NaN]],
    ["leakyRelu", (x) => x.leakyRelu(0.5), [0, -0, 1000, -500, Infinity, -Infinity, NaN]],
    ["sin", (x) => x.sin(), [0, -0, Math.sin(1000), Math.sin(-1000), NaN, NaN, NaN]],
    ["cos", (x) => x.cos(), [1, 1, Math.cos(1000), Math.cos(1000), NaN, NaN, NaN]],
  ])("%s", (_name, f, expected) => {
    expect([...f(tensor(x)).data]).toEqual(expected.map(Math.fround));
    expect([...f(tensor(Float64Array.from(x))).data].map(Math.fround)).toEqual(expected.map(Math.fround));
  });
});
