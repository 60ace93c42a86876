/** Laws that hold for every shape, tried on random ones. Values are small whole numbers, so sums are exact. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Tensor } from "../../src/tensor/tensor.ts";
import { broadcastShapes, sameShape, type Shape, sizeOf } from "../../src/util/shape.ts";

fc.configureGlobal({ seed: 20261123, numRuns: 150 });

const shape = (minLength = 0, maxLength = 4, minExtent = 0): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: minExtent, max: 4 }), { minLength, maxLength });

/** A tensor of float64 (reference) or float32 (wasm). */
const tensorOf = (of: fc.Arbitrary<number[]>): fc.Arbitrary<Tensor> =>
  fc
    .tuple(of, fc.constantFrom("float32" as const, "float64" as const), fc.integer({ min: 0, max: 1000 }))
    .map(([shape, dtype, seed]) =>
      Tensor.from(
        Float64Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 37 + seed * 11) % 17) - 8),
        shape,
        { dtype },
      ),
    );

const anyTensor = tensorOf(shape());
const withAxis = tensorOf(shape(1));
/** An axis of a tensor from any number, counted from either end. */
const axisOf = (x: Tensor, choice: number): number => (choice % (2 * x.shape.length)) - x.shape.length;
const choice = fc.nat({ max: 1000 });
const orderOf = (rank: number, choice: number): number[] => {
  const rest = [...Array(rank).keys()];
  return [...rest].map((_, i) => rest.splice((choice * (i + 3)) % rest.length, 1)[0]);
};
const expectEqual = (actual: Tensor, expected: Tensor): void => {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.dtype).toBe(expected.dtype);
  // Adding 0 makes −0 and 0 one.
  expect([...actual.data].map((value) => value + 0)).toEqual([...expected.data].map((value) => value + 0));
};
const holds = <T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  law: (...values: T) => void,
): void => fc.assert(fc.property(...arbitraries, (...values: T) => Tensor.scope(() => law(...values))));

describe("movement undoes itself", () => {
  test("reshape, through any other shape of the size", () => {
    holds([anyTensor, choice], (x, k) => {
      const there = x.reshape([...new Array<number>(k % 3).fill(1), x.numel, 1]);
      expectEqual(there.reshape(x.shape), x);
      expectEqual(there.reshape([x.numel]), x.reshape([x.numel]));
    });
  });

  test("transpose, and permute by the inverse order", () => {
    holds([tensorOf(shape(2)), choice], (x, k) => {
      expectEqual(x.transpose().transpose(), x);
      const order = orderOf(x.shape.length, k);
      const inverse = order.map((_, axis) => order.indexOf(axis));
      expectEqual(x.permute(order).permute(inverse), x);
      expect(x.permute(order).shape).toEqual(order.map((axis) => x.shape[axis]));
    });
  });

  test("flip, along any axes", () => {
    holds([withAxis, choice], (x, k) => {
      const axes = orderOf(x.shape.length, k).slice(0, k % (x.shape.length + 1));
      expectEqual(x.flip(axes).flip(axes), x);
    });
  });

  test("slices joined again; parts of what was joined", () => {
    holds([withAxis, choice, choice], (x, k, cut) => {
      const axis = axisOf(x, k);
      const at = cut % (x.size(axis) + 1);
      const parts = [x.slice(0, at, axis), x.slice(at, undefined, axis)];
      expectEqual(Tensor.concat(parts, axis), x);
      expectEqual(Tensor.concat([x, x], axis).slice(x.size(axis), undefined, axis), x);
    });
  });

  test("every second and the others between", () => {
    holds([tensorOf(shape(1, 3, 1))], (x) => {
      const even = x.slice(0, undefined, 0, 2);
      const odd = x.slice(1, undefined, 0, 2);
      expect(even.size(0) + odd.size(0)).toBe(x.size(0));
      const rows = Array.from({ length: x.size(0) }, (_, i) =>
        (i % 2 ? odd : even).slice(i >> 1, (i >> 1) + 1),
      );
      expectEqual(Tensor.concat(rows), x);
    });
  });

  test("padding cut off again; stacking taken apart", () => {
    holds([withAxis, choice], (x, k) => {
      const [before, after] = [k % 3, (k >> 2) % 3];
      const padded = x.pad(
        x.shape.map(() => [before, after]),
        7,
      );
      expect(padded.shape).toEqual(x.shape.map((extent) => extent + before + after));
      const cut = x.shape.reduce((y, extent, axis) => y.slice(before, before + extent, axis), padded);
      expectEqual(cut, x);
      const axis = k % (x.shape.length + 1);
      expectEqual(Tensor.stack([x, x.neg()], axis).slice(0, 1, axis).reshape(x.shape), x);
    });
  });
});

describe("broadcasting", () => {
  /** Two shapes that broadcast: each axis of the common one kept, made 1, or left out in front. */
  const pair = fc
    .tuple(shape(0, 4), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }), choice)
    .map(([common, ones, missing]): [Shape, Shape] => {
      const one = (bit: number): Shape => common.map((extent, axis) => (ones[axis] === bit ? 1 : extent));
      return [one(1).slice(missing % (common.length + 1)), one(2)];
    });
  const operands = pair.chain(([left, right]) =>
    fc.tuple(tensorOf(fc.constant([...left])), tensorOf(fc.constant([...right]))),
  );

  test("sum, product and extremes commute, in shape and value", () => {
    holds([operands], ([x, y]) => {
      for (const name of ["add", "mul", "maximum", "minimum"] as const) {
        expectEqual(x[name](y), y[name](x));
        expect(x[name](y).shape).toEqual(broadcastShapes(name, x.shape, y.shape));
      }
    });
  });

  test("is what expand makes visible", () => {
    holds([operands], ([x, y]) => {
      const common = broadcastShapes("add", x.shape, y.shape);
      expectEqual(x.add(y), x.expand(common).add(y.expand(common)));
      expectEqual(Tensor.where(x, y, x), Tensor.where(x.expand(common), y.expand(common), x.expand(common)));
    });
  });
});

describe("reductions", () => {
  test("over two axes: one after the other, in any order", () => {
    holds([tensorOf(shape(2, 4, 1)), choice], (x, k) => {
      const [first, second] = orderOf(x.shape.length, k);
      for (const name of ["sum", "max", "min"] as const) {
        const both = x[name]([first, second], true);
        expectEqual(both, x[name](first, true)[name](second, true));
        expectEqual(both.reshape(x[name]([second, first]).shape), x[name]([first, second]));
      }
    });
  });

  test("the sum of what is joined is the sum of sums; the greatest stands at its place", () => {
    holds([tensorOf(shape(1, 4, 1)), choice], (x, k) => {
      const axis = axisOf(x, k);
      expectEqual(Tensor.concat([x, x], axis).sum(axis), x.sum(axis).add(x.sum(axis)));
      expectEqual(x.gather(axis, x.argmax(axis, true)), x.max(axis, true));
      expectEqual(x.gather(axis, x.argmin(axis, true)), x.min(axis, true));
    });
  });

  test("argmax undoes oneHot", () => {
    holds([fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 8 })], (classes) => {
      const indices = Tensor.from(classes, [classes.length], { dtype: "int32" });
      expectEqual(indices.oneHot(7).sum(1), Tensor.ones([classes.length]));
      if (classes.length > 0) expectEqual(indices.oneHot(7).argmax(1), indices);
    });
  });
});

test("matrix products are associative, and transpose in reverse", () => {
  const sizes = fc.tuple(...([1, 2, 3, 4] as const).map(() => fc.integer({ min: 0, max: 9 })));
  holds([sizes, choice], ([m, k, l, n], seed) => {
    const make = (rows: number, columns: number, s: number): Tensor =>
      Tensor.from(
        Array.from({ length: rows * columns }, (_, i) => ((i * 7 + s + seed) % 5) - 2),
        [rows, columns],
      );
    const [a, b, c] = [make(m, k, 1), make(k, l, 2), make(l, n, 3)];
    expectEqual(a.matmul(b).matmul(c), a.matmul(b.matmul(c)));
    expectEqual(a.matmul(b).transpose(), b.transpose().matmul(a.transpose()));
  });
});

test("products of stacked matrices are associative, with leading axes that broadcast", () => {
  const leading = fc.tuple(
    fc.constantFrom([], [1], [3], [2, 1], [2, 3]),
    fc.constantFrom([], [1], [3], [2, 3]),
  );
  const sizes = fc.tuple(...([1, 2, 3, 4] as const).map(() => fc.integer({ min: 0, max: 4 })));
  holds([leading, sizes, choice], ([left, right], [m, k, l, n], seed) => {
    const make = (shape: number[], s: number): Tensor =>
      Tensor.from(
        Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 7 + s + seed) % 5) - 2),
        shape,
      );
    const [a, b, c] = [make([...left, m, k], 1), make([...right, k, l], 2), make([l, n], 3)];
    expectEqual(a.matmul(b).matmul(c), a.matmul(b.matmul(c)));
    expect(a.matmul(b).shape).toEqual([...broadcastShapes("matmul", left, right), m, l]);
  });
});

describe("back-propagation through a linear operation is its adjoint: ⟨Ax, y⟩ = ⟨x, Aᵀy⟩", () => {
  const matrix = (rows: number): Tensor =>
    Tensor.from(Array.from({ length: rows * 3 }, (_, i) => (i % 7) - 3), [rows, 3]); // prettier-ignore
  const linear: Record<string, (x: Tensor, k: number) => Tensor> = {
    reshape: (x) => x.reshape([1, x.numel]),
    permute: (x, k) => x.permute(orderOf(x.shape.length, k)),
    slice: (x, k) => x.slice(k % 2, undefined, axisOf(x, k), 1 + (k % 3)),
    expand: (x) => x.expand([2, ...x.shape]),
    concat: (x, k) => Tensor.concat([x, x.mul(2), x.neg()], axisOf(x, k)),
    stack: (x, k) => Tensor.stack([x, x], k % (x.shape.length + 1)),
    pad: (x, k) => x.pad(x.shape.map((_, axis) => [axis, k % 3])),
    flip: (x, k) => x.flip(axisOf(x, k)),
    gather: (x, k) => {
      const axis = axisOf(x, k);
      const to = x.shape.with(axis, x.size(axis) === 0 ? 0 : 3);
      const places = Array.from({ length: sizeOf(to) }, (_, i) => (i * (k + 1)) % Math.max(1, x.size(axis)));
      return x.gather(axis, Tensor.from(places, to, { dtype: "int32" }));
    },
    sum: (x, k) => x.sum(axisOf(x, k)),
    "sum of several axes": (x, k) => x.sum(orderOf(x.shape.length, k).slice(0, 2)),
    where: (x, k) => x.where(x.greater(k % 3), 0),
    "add with broadcasting": (x) => x.slice(0, 1).add(x),
    matmul: (x) => x.reshape([-1, x.size(-1)]).matmul(matrix(x.size(-1)).to(x.dtype)),
    relu: (x) => x.relu(),
    neg: (x) => x.neg(),
  };

  test.each(Object.entries(linear))("%s", (name, apply) => {
    const extents = name === "matmul" || name === "add with broadcasting" ? 1 : 0;
    holds([tensorOf(shape(1, 4, extents)), choice], (values, k) => {
      const x = Tensor.from(values.data, values.shape, { dtype: values.dtype, requiresGrad: true });
      const image = apply(x, k);
      const y = Tensor.from(
        Array.from({ length: image.numel }, (_, i) => ((i * 5 + k) % 9) - 4),
        image.shape,
        { dtype: values.dtype },
      );
      const left = image.mul(y).sum();
      left.backward();
      const right = x.mul(x.grad ?? 0).sum();
      expect(left.item() + 0).toBe(right.item() + 0);
      expect(sameShape(x.grad!.shape, x.shape)).toBe(true);
      x.grad = null;
    });
  });
});
