import { describe, expect, test } from "vitest";
import type { BinaryKind, RawArray, UnaryKind, View } from "../../src/backend/backend.ts";
import { reference } from "../../src/backend/reference/referenceBackend.ts";
import { binaryKinds, integerKinds, unaryKinds } from "../../src/backend/wasm/kinds.ts";
import { jobs } from "../../src/backend/wasm/jobs.ts";
import { kernels, threads } from "../../src/backend/wasm/kernels.ts";
import { usage } from "../../src/backend/wasm/memory.ts";
import type { WasmArray } from "../../src/backend/wasm/wasmArray.ts";
import { wasm } from "../../src/backend/wasm/wasmBackend.ts";
import { generator } from "../../src/random/index.ts";
import { exp, log, log1p, pow, sigmoid, softplus, tanh } from "../../src/util/math.ts";
import { sizeOf } from "../../src/util/shape.ts";
import { cos, sin } from "../../src/util/trigonometry.ts";
import { ulpsFrom } from "../support/ulp.ts";

const extremes = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  NaN,
  1e-45,
  -1e-45,
  1.17e-38,
  3.4e38,
  -3.4e38,
  88.7,
  -103.9,
];

/** Random numbers of many magnitudes; the extremes come first where there is room. */
function values(shape: readonly number[], seed: number, withExtremes = true): Float32Array {
  const random = generator(seed);
  return Float32Array.from({ length: sizeOf(shape) }, (_, index) =>
    withExtremes && index < extremes.length
      ? extremes[(index * seed) % extremes.length]
      : random.normal() * 10 ** (random.integer(5) - 2),
  );
}

const both = (data: Float32Array, shape: readonly number[]): [RawArray, RawArray] => [
  wasm.from(data, shape, "float32"),
  reference.from(data, shape, "float32"),
];

/** Every element the same bits; all NaN count as one. */
function expectSameBits(actual: RawArray, expected: RawArray): void {
  expect(actual.shape).toEqual(expected.shape);
  const [left, right] = [actual.data, expected.data];
  for (let i = 0; i < expected.size; i++)
    if (!Object.is(left[i], right[i])) expect.fail(`element ${i}: ${left[i]} against ${right[i]}`);
}

const approximate: Partial<Record<UnaryKind, (x: number) => number>> = {
  exp,
  log,
  log1p,
  tanh,
  sigmoid,
  sin,
  cos,
  softplus,
};
const exact = unaryKinds.filter((kind) => !(kind in approximate));
const sizes = [0, 1, 3, 4, 17, 1000, 70_000];

describe("wasm equals the reference bit for bit", () => {
  test.each(exact.flatMap((kind) => sizes.map((size) => [kind, size] as const)))("%s of %i", (kind, size) => {
    const [x, y] = both(values([size], 3), [size]);
    expectSameBits(wasm.unary(kind, x), reference.unary(kind, y));
  });

  const pairs: [number[], number[]][] = [
    [[0], [0]],
    [[3], [3]],
    [[70_000], [70_000]],
    [[70_000], []],
    [[1], [70_001]],
    [[5, 7], [7]],
    [
      [5, 7],
      [5, 1],
    ],
    [
      [5, 1],
      [1, 7],
    ],
    [
      [2, 3, 5],
      [3, 1],
    ],
    [
      [2, 1, 5],
      [4, 5],
    ],
    [
      [0, 3],
      [1, 3],
    ],
  ];
  test.each(
    binaryKinds
      .filter((kind) => kind !== "pow")
      .flatMap((kind) => pairs.map(([left, right]) => [kind, left, right] as const)),
  )("%s of %j and %j", (kind: BinaryKind, left, right) => {
    const [x, xReference] = both(values(left, 3), left);
    const [y, yReference] = both(values(right, 5), right);
    expectSameBits(wasm.binary(kind, x, y), reference.binary(kind, xReference, yReference));
  });

  const products: [number, number, number][] = [
    [1, 1, 1],
    [5, 8, 16],
    [7, 3, 9],
    [23, 300, 45],
    [65, 300, 130],
    [241, 17, 513],
    [2, 0, 3],
    [0, 4, 3],
  ];
  test.each(products)("matmul [%i, %i] @ [.., %i], every transposition", (m, k, n) => {
    for (const transposeX of [false, true])
      for (const transposeY of [false, true]) {
        const left = transposeX ? [k, m] : [m, k];
        const right = transposeY ? [n, k] : [k, n];
        const [x, xReference] = both(values(left, 3, false), left);
        const [y, yReference] = both(values(right, 5, false), right);
        const expected = reference.matmul(xReference, yReference, transposeX, transposeY);
        expectSameBits(wasm.matmul(x, y, transposeX, transposeY), expected);
      }
  });

  const layouts: [number, number, number][] = [
    [1, 1, 1],
    [1, 200_001, 1],
    [3, 37, 1],
    [3, 37, 5],
    [2, 1, 9],
    [2, 0, 3],
    [0, 3, 2],
    // In several pieces, and on several threads: by matrices, by columns, by pieces.
    [1, 513, 5],
    [2, 1100, 17],
    [700, 100, 1],
    [40, 30, 70],
    [1, 300, 1003],
    [3, 140_000, 1],
    [1, 5000, 40],
  ];
  test.each(
    (["sum", "max", "min"] as const).flatMap((kind) => layouts.map((layout) => [kind, ...layout] as const)),
  )("%s over the middle of [%i, %i, %i]", (kind, outer, length, inner) => {
    const shape = [outer, length, inner];
    const [x, y] = both(values(shape, 3, false), shape);
    const result = [outer, inner];
    expectSameBits(
      wasm.reduce(kind, x, outer, length, inner, result),
      reference.reduce(kind, y, outer, length, inner, result),
    );
  });

  const withElements = layouts.filter(([, length]) => length > 0);
  const extremeCases = (["max", "min"] as const).flatMap((kind) =>
    withElements.map((layout) => [kind, ...layout] as const),
  );
  test.each(extremeCases)(
    "%s of int32, and where it is, over the middle of [%i, %i, %i]",
    (kind, ...layout) => {
      const [outer, length, inner] = layout;
      const random = generator(outer + length + inner);
      // Neighbours that float32 does not tell apart, both ends of the type, and many equals.
      const ends = [-2147483648, 2147483647, 16777216, 16777217];
      const data = Int32Array.from({ length: sizeOf(layout) }, () =>
        random.integer(3) > 0 ? 16777216 + random.integer(4) : ends[random.integer(length > 100 ? 2 : 4)],
      );
      const [x, y] = [wasm.from(data, layout, "int32"), reference.from(data, layout, "int32")];
      const result = [outer, inner];
      expect(wasm.reduce(kind, x, outer, length, inner, result).dtype).toBe("int32");
      expectSameBits(
        wasm.reduce(kind, x, outer, length, inner, result),
        reference.reduce(kind, y, outer, length, inner, result),
      );
      expectSameBits(
        wasm.argExtreme(kind, x, outer, length, inner, result),
        reference.argExtreme(kind, y, outer, length, inner, result),
      );
    },
  );

  test.each(extremeCases)(
    "where %s is over the middle of [%i, %i, %i], with equals and NaN",
    (kind, ...layout) => {
      const [outer, length, inner] = layout;
      const random = generator(outer + length + inner);
      const choices = [-Infinity, -1, -0, 0, 1, Infinity, NaN];
      const data = Float32Array.from(
        { length: sizeOf(layout) },
        () => choices[random.integer(random.integer(50 * length) > 0 ? choices.length - 1 : choices.length)],
      );
      const [x, y] = both(data, layout);
      expectSameBits(
        wasm.argExtreme(kind, x, outer, length, inner, [outer, inner]),
        reference.argExtreme(kind, y, outer, length, inner, [outer, inner]),
      );
    },
  );

  test("max and min pass NaN on, and their places are those of the first", () => {
    const data = Float32Array.of(1, NaN, 3, NaN, 7, 5, 7, 7);
    const [x, y] = both(data, [2, 4]);
    for (const kind of ["max", "min"] as const)
      expectSameBits(wasm.reduce(kind, x, 2, 4, 1, [2]), reference.reduce(kind, y, 2, 4, 1, [2]));
    for (const [backend, input] of [
      [wasm, x],
      [reference, y],
    ] as const) {
      expect([...backend.argExtreme("max", input, 2, 4, 1, [2]).data]).toEqual([1, 0]);
      expect([...backend.argExtreme("min", input, 2, 4, 1, [2]).data]).toEqual([1, 1]);
    }
  });

  test.each([16, 61, 1000, 200_001])("a sum of %i terms that cancel, whose bits tell the order", (length) => {
    // The second half takes back the first, so nothing but the roundings of float64 is left.
    const random = generator(length);
    const terms = Float32Array.from({ length }, () => random.normal() * 2 ** random.integer(100));
    for (let i = 0; i < length >> 1; i++) terms[length - 1 - i] = -terms[i];
    const [x, y] = both(terms, [length]);
    expectSameBits(wasm.reduce("sum", x, 1, length, 1, []), reference.reduce("sum", y, 1, length, 1, []));
  });

  test("sums of squares of arrays of any size, in float64", () => {
    const random = generator(7);
    const pairs = [0, 1, 15, 16, 61, 65_536, 200_001].map((size) =>
      both(
        Float32Array.from({ length: size }, () => random.normal() * 2 ** (random.integer(40) - 20)),
        [size],
      ),
    );
    const sums = wasm.sumsOfSquares(pairs.map(([x]) => x));
    expect(sums).toEqual(reference.sumsOfSquares(pairs.map(([, y]) => y)));
    expect(sums.slice(0, 2)).toEqual([0, pairs[1][1].data[0] ** 2]);
    for (const [index, [x]] of pairs.entries()) expect(wasm.sumsOfSquares([x])).toEqual([sums[index]]);
    expect(wasm.sumsOfSquares([])).toEqual([]);
  });

  test.each([
    // Squares that float32 cannot hold.
    [[3e38, 2e38], Math.fround(3e38) ** 2 + Math.fround(2e38) ** 2],
    [[1e-45, 0], Math.fround(1e-45) ** 2],
    [[-Infinity, 1], Infinity],
    [[NaN, 1], NaN],
  ])("the sum of squares of %j", (numbers, expected) => {
    const [x, y] = both(new Float32Array(numbers), [2]);
    expect([wasm.sumsOfSquares([x]), reference.sumsOfSquares([y])]).toEqual([[expected], [expected]]);
  });

  test.each([1, 3, 16, 33])("column sums that cancel, %i columns", (columns) => {
    const random = generator(columns);
    const rows = 2000;
    const terms = Float32Array.from(
      { length: rows * columns },
      () => random.normal() * 2 ** random.integer(90),
    );
    for (let i = 0; i < terms.length >> 1; i++)
      terms[terms.length - columns - i + 2 * (i % columns)] = -terms[i];
    const [x, y] = both(terms, [rows, columns]);
    expectSameBits(
      wasm.reduce("sum", x, 1, rows, columns, [columns]),
      reference.reduce("sum", y, 1, rows, columns, [columns]),
    );
  });

  test("gather transposes what is wider than a block of columns", () => {
    const view = { shape: [45, 70], strides: [1, 45], offset: 0 };
    const [x, y] = both(values([70, 45], 3), [70, 45]);
    expectSameBits(wasm.gather(x, view), reference.gather(y, view));
    const bytes = Uint8Array.from({ length: 3150 }, (_, i) => i * 7);
    const [b, c] = [wasm.from(bytes, [70, 45], "uint8"), reference.from(bytes, [70, 45], "uint8")];
    expectSameBits(wasm.gather(b, view), reference.gather(c, view));
  });

  test("gather and write through a view, float32 and bytes", () => {
    const view = { shape: [2, 3, 2], strides: [1, 8, 3], offset: 1 };
    const [x, y] = both(values([4, 8], 3), [4, 8]);
    expectSameBits(wasm.gather(x, view), reference.gather(y, view));
    wasm.write(wasm.gather(x, { ...view, offset: 0 }), view, x);
    reference.write(reference.gather(y, { ...view, offset: 0 }), view, y);
    expectSameBits(x, y);
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
    const [b, c] = [wasm.from(bytes, [4, 8], "uint8"), reference.from(bytes, [4, 8], "uint8")];
    expectSameBits(wasm.gather(b, view), reference.gather(c, view));
    wasm.write(wasm.gather(b, { ...view, offset: 0 }), view, b);
    reference.write(reference.gather(c, { ...view, offset: 0 }), view, c);
    expectSameBits(b, c);
  });
});

describe("views shared by threads, in tiles of every edge", () => {
  const views: Record<string, View> = {
    "a transposed matrix": { shape: [301, 333], strides: [1, 301], offset: 0 },
    "few rows, many columns": { shape: [3, 50_000], strides: [1, 3], offset: 0 },
    "one long row, every third": { shape: [70_000], strides: [3], offset: 5 },
    "one long row backwards": { shape: [100_000], strides: [-1], offset: 99_999 },
    "axes exchanged around matrices": { shape: [5, 8, 43, 61], strides: [20_984, 61, 488, 1], offset: 0 },
    "channels first": { shape: [4, 19, 37, 41], strides: [28_823, 1, 779, 19], offset: 0 },
    "small matrices, many": { shape: [90, 70, 3, 5], strides: [5, 450, 31_500, 1], offset: 0 },
    "six axes, none beside its neighbour": {
      shape: [4, 5, 6, 7, 8, 9],
      strides: [1, 4, 20, 120, 840, 6720],
      offset: 0,
    },
    "rows repeated": { shape: [300, 400], strides: [0, 1], offset: 7 },
  };
  test.each(Object.keys(views))("%s", (name) => {
    const view = views[name];
    for (const dtype of ["float32", "int32", "uint8"] as const) {
      const data = Float32Array.from({ length: 210_005 }, (_, i) => (i * 7919) % 251);
      const [x, y] = [wasm, reference].map((backend) => backend.from(data, [data.length], dtype));
      const [seen, expected] = [wasm.gather(x, view), reference.gather(y, view)];
      expectSameBits(seen, expected);
      if (view.strides.includes(0)) continue;
      wasm.write(seen, { ...view, offset: view.offset + 1 }, x);
      reference.write(expected, { ...view, offset: view.offset + 1 }, y);
      expectSameBits(x, y);
    }
  });
});

describe("elements picked by index, and their gradients", () => {
  const cases: [number[], number[], number][] = [
    [[4, 5], [4, 3], 1],
    [[4, 5], [4, 0], 1],
    [[0, 5], [0, 2], 1],
    [[7], [70_001], 0],
    [[300, 400], [300, 400], 1],
    [[300, 400], [300, 400], 0],
    [[70_000, 10], [70_000, 1], 1],
    [[20, 30, 40], [20, 60, 40], 1],
    // Fewer indices than elements along other axes.
    [[20, 30, 40], [17, 60, 33], 1],
    [[20, 30, 40], [20, 30, 5], 0],
  ];
  test.each(cases)("%j by %j along axis %i", (shape, chosen, axis) => {
    const random = generator(shape[0] + axis);
    const places = Int32Array.from({ length: sizeOf(chosen) }, () => random.integer(shape[axis]));
    const [indices, same] = [wasm, reference].map((backend) => backend.from(places, chosen, "int32"));
    for (const dtype of ["float32", "int32", "uint8"] as const) {
      const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => (i * 7919) % 251);
      const [x, y] = [wasm, reference].map((backend) => backend.from(data, shape, dtype));
      expectSameBits(wasm.pick(x, indices, axis), reference.pick(y, same, axis));
    }
    const before = usage().blocks;
    const [gradient, upstream] = both(values(chosen, 3, false), chosen);
    const sums = wasm.addPicked(gradient, indices, axis, shape);
    expect(usage().blocks).toBe(before + 2);
    expectSameBits(sums, reference.addPicked(upstream, same, axis, shape));
  });
});

test("results do not depend on what their memory held before", () => {
  const dirty = (): void => {
    const held = [1, 2, 3, 4].map(() => wasm.from(new Float32Array(12).fill(NaN), [12], "float32"));
    for (const array of held) array.release("the test");
  };
  const data = Float32Array.of(1, 2, 3);
  const [x] = both(data, [3]);
  const [none, noneReference] = both(new Float32Array(0), [0]);
  const labels = wasm.from([0], [1], "int32");
  const [last, lastReference] = [wasm.from([4], [1], "int32"), reference.from([4], [1], "int32")];
  const one = [wasm.reshape(wasm.from([5], [1], "float32"), [1]), reference.from([5], [1], "float32")];
  dirty();
  expectSameBits(wasm.addPicked(one[0], last, 0, [12]), reference.addPicked(one[1], lastReference, 0, [12]));
  dirty();
  expectSameBits(
    wasm.matmul(wasm.reshape(none, [3, 0]), wasm.reshape(none, [0, 4]), false, false),
    reference.matmul(
      reference.reshape(noneReference, [3, 0]),
      reference.reshape(noneReference, [0, 4]),
      false,
      false,
    ),
  );
  dirty();
  const before = usage().blocks;
  const { loss } = wasm.crossEntropy(wasm.reshape(x, [1, 3]), labels);
  expect(loss.data[0]).toBeCloseTo(2.4076, 4);
  expect(usage().blocks).toBe(before + 2);
});

test.each([0, 1, 3, 5, 70_001])("where chooses among %i elements, float32, int32 and bytes", (size) => {
  const [mask, maskReference] = both(
    values([size], 3).map((x) => (x > 0 ? x : 0)),
    [size],
  );
  const [x, y] = [values([size], 5), values([size], 7)];
  for (const dtype of ["float32", "int32", "uint8"] as const)
    expectSameBits(
      wasm.where(mask, wasm.from(x, [size], dtype), wasm.from(y, [size], dtype)),
      reference.where(maskReference, reference.from(x, [size], dtype), reference.from(y, [size], dtype)),
    );
});

describe("comparisons of int32", () => {
  const random = generator(8);
  // Read as float32 these would be zeros of both signs, denormals, neighbours of 2 with either sign, and NaN.
  const choices = [
    -2147483648,
    0,
    -1,
    1,
    2 ** 30,
    2 ** 30 + 1,
    -(2 ** 30),
    1 - 2 ** 30,
    2143289344,
    2143289345,
  ];
  const near = (shape: readonly number[]): Int32Array =>
    Int32Array.from({ length: sizeOf(shape) }, () => choices[random.integer(choices.length)]);
  const pairs: [number[], number[]][] = [
    [[0], [0]],
    [[5], [5]],
    [[70_000], [70_000]],
    [[1003], []],
    [[], [1003]],
    [[5, 7], [7]],
    [
      [5, 7],
      [5, 1],
    ],
  ];
  test.each(integerKinds.flatMap((kind) => pairs.map(([a, b]) => [kind, a, b] as const)))(
    "%s of %j and %j: wasm equals the reference",
    (kind, a, b) => {
      const [x, y] = [near(a), near(b)];
      const result = wasm.binary(kind, wasm.from(x, a, "int32"), wasm.from(y, b, "int32"));
      expect(result.dtype).toBe("float32");
      expectSameBits(
        result,
        reference.binary(kind, reference.from(x, a, "int32"), reference.from(y, b, "int32")),
      );
    },
  );
});

describe("kernels write their result and nothing beyond it", () => {
  const room = 24;
  const from = wasm.from(new Float32Array(4 * room).fill(1), [4 * room], "float32");
  const zeros = wasm.from(new Int32Array(room), [room], "int32");
  const pointerOf = (array: RawArray): number => (array as WasmArray).pointer;

  test.each([1, 2, 3, 4, 5, 6, 7])("%i elements", (n) => {
    const works: Record<string, (x: number, out: number) => void> = {
      unary: (x, out) => kernels.unary(unaryKinds.indexOf("exp"), x, out, n),
      binary: (x, out) => kernels.binary(0, x, 0, 4, x, 0, 4, out, 1, n),
      "binary, one operand repeated": (x, out) => kernels.binary(0, x, 0, 0, x, 0, 4, out, 1, n),
      pow: (x, out) => kernels.binary(binaryKinds.indexOf("pow"), x, 0, 4, x, 0, 4, out, 1, n),
      where: (x, out) => kernels.where(x, x, x, out, n),
      gather: (x, out) => threads.run(jobs.copy, [0, 4, x, out, 1, n, 0, 2, 1, n, 1, 1, 0], 1),
      write: (x, out) => threads.run(jobs.copy, [1, 4, out, x, 1, n, 0, 1, 1, n, 1, 1, 0], 1),
      pick: (x, out) => threads.run(jobs.pick, [4, x, pointerOf(zeros), out, 1, 1, n, 1, 1], 1),
      sum: (x, out) => kernels.sum(x, out, 1, 3, n),
      max: (x, out) => threads.run(jobs.extreme, [0, x, out, 3, n, 3, 1, n, 1, 1, 1], 1),
      argmax: (x, out) => threads.run(jobs.place, [0, x, out, 3, n, n, 1, 1, 1], 1),
      softmax: (x, out) => kernels.softmax(x, out, 1, n),
      "slope of crossEntropy": (x, out) =>
        kernels.crossEntropy(x, pointerOf(zeros), pointerOf(wasm.empty([1], "float32")), out, 1, n),
      logSoftmax: (x, out) => kernels.logSoftmax(x, out, 1, n),
      matmul: (x, out) =>
        kernels.gemm8(0, 1, 0, n, 2, x, 8, 4, x, n * 4, 4, out, n * 4, 0, -1, threads.scratch),
    };
    for (const [name, work] of Object.entries(works)) {
      const out = wasm.from(new Float32Array(room).fill(77), [room], "float32");
      work(pointerOf(from), pointerOf(out));
      const changed = [...out.data].findLastIndex((value) => value !== 77);
      expect(changed, name).toBe(n - 1);
    }
  });
});

describe("wasm lies within 2 ulp of the truth", () => {
  test.each(Object.entries(approximate))("%s", (kind, truth) => {
    const random = generator(11);
    const data = Float32Array.from({ length: 200_000 }, (_, i) =>
      kind === "log" || kind === "log1p"
        ? exp((random.uniform() - 0.5) * (i % 2 ? 170 : 2))
        : (random.uniform() - 0.5) * (i % 2 ? 200 : 4),
    );
    const { data: actual } = wasm.unary(kind as UnaryKind, wasm.from(data, [data.length], "float32"));
    let worst = 0;
    for (const [i, x] of data.entries()) worst = Math.max(worst, ulpsFrom(actual[i], truth(x)));
    expect(worst).toBeLessThanOrEqual(2);
  });

  test.each(Object.entries(approximate))("%s at the extremes", (kind, truth) => {
    const data = Float32Array.from(extremes);
    const { data: actual } = wasm.unary(kind as UnaryKind, wasm.from(data, [data.length], "float32"));
    for (const [i, x] of data.entries()) {
      expect(ulpsFrom(actual[i], truth(x)), `${kind}(${x}) = ${actual[i]}`).toBeLessThanOrEqual(2);
      if (truth(x) === 0) expect(actual[i], `${kind}(${x})`).toBe(truth(x)); // with its sign
    }
  });

  test("sin and cos of large numbers", () => {
    const random = generator(5);
    const data = Float32Array.from(
      { length: 50_000 },
      () => random.normal() * 2 ** (random.integer(105) + 20),
    );
    for (const [kind, truth] of [
      ["sin", sin],
      ["cos", cos],
    ] as const) {
      const { data: actual } = wasm.unary(kind, wasm.from(data, [data.length], "float32"));
      for (const [i, x] of data.entries())
        expect(ulpsFrom(actual[i], truth(x)), `${kind}(${x})`).toBeLessThanOrEqual(2);
    }
  });

  test("pow", () => {
    const random = generator(13);
    const size = 200_000;
    const x = Float32Array.from({ length: size }, () => exp((random.uniform() - 0.5) * 20));
    const y = Float32Array.from({ length: size }, (_, i) =>
      i % 2 ? random.normal() * 8 : random.integer(21) - 10,
    );
    const { data: actual } = wasm.binary("pow", ...([x, y].map((data) => wasm.from(data, [size], "float32")) as [RawArray, RawArray])); // prettier-ignore
    let worst = 0;
    for (let i = 0; i < size; i++) worst = Math.max(worst, ulpsFrom(actual[i], pow(x[i], y[i])));
    expect(worst).toBeLessThanOrEqual(1);
  });

  test("pow of every pair of extremes, each sign", () => {
    const bases = [...extremes, 2, -2, 0.5, -0.5, 3];
    const exponents = [...extremes, 0.5, -0.5, 2, -2, 3, -3, 2.5, 63, -63, 100, 1e7, 16777215];
    const x = Float32Array.from(bases.flatMap((base) => exponents.map(() => base)));
    const y = Float32Array.from(bases.flatMap(() => exponents));
    const shape = [x.length];
    const { data: actual } = wasm.binary(
      "pow",
      wasm.from(x, shape, "float32"),
      wasm.from(y, shape, "float32"),
    );
    for (const [i, value] of actual.entries())
      expect(ulpsFrom(value, pow(x[i], y[i])), `${x[i]} ^ ${y[i]} = ${value}`).toBeLessThanOrEqual(2);
  });

  test("an element's bits do not depend on its place in the vector", () => {
    for (const kind of Object.keys(approximate) as UnaryKind[])
      for (const length of [1, 2, 3, 5]) {
        const data = new Float32Array(length).fill(0.7312);
        const results = new Set(wasm.unary(kind, wasm.from(data, [length], "float32")).data);
        expect(results.size).toBe(1);
      }
  });

  test.each([
    [1, 1],
    [3, 10],
    [5, 16],
    [4, 1001],
    [300, 101],
  ])("softmax family, %i rows of %i", (rows, columns) => {
    const data = values([rows, columns], 5, false);
    const labels = Int32Array.from({ length: rows }, (_, row) => (row * 7) % columns);
    const [x, y] = both(data, [rows, columns]);
    const [l, k] = [wasm.from(labels, [rows], "int32"), reference.from(labels, [rows], "int32")];
    const close = (actual: RawArray, expected: RawArray): void => {
      for (const [i, value] of expected.data.entries())
        expect(Math.abs(actual.data[i] - value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
    };
    close(wasm.softmax(x), reference.softmax(y));
    close(wasm.logSoftmax(x), reference.logSoftmax(y));
    const [actual, expected] = [wasm.crossEntropy(x, l), reference.crossEntropy(y, k)];
    close(actual.loss, expected.loss);
    close(actual.slope, expected.slope);
  });

  test("the softmax family gives the same bits row by row and shared among threads", () => {
    const [rows, columns] = [400, 77];
    const of = (from: number, count: number): RawArray[] => {
      const data = values([rows, columns], 5, false).subarray(from * columns, (from + count) * columns);
      const x = wasm.from(data, [count, columns], "float32");
      const labels = Array.from({ length: count }, (_, row) => ((from + row) * 7) % columns);
      const classes = wasm.from(labels, [count], "int32");
      const { loss, slope } = wasm.crossEntropy(x, classes);
      return [wasm.softmax(x), wasm.logSoftmax(x), loss, slope];
    };
    const [whole, first, last] = [of(0, rows), of(0, 1), of(rows - 1, 1)];
    for (const [i, { data, size }] of whole.entries()) {
      expect([...data.subarray(0, size / rows)]).toEqual([...first[i].data]);
      expect([...data.subarray(size - size / rows)]).toEqual([...last[i].data]);
    }
  });

  test("softmax and cross-entropy stay finite at ±1000", () => {
    const x = wasm.from([1000, -1000, 0], [1, 3], "float32");
    expect([...wasm.softmax(x).data]).toEqual([1, 0, 0]);
    expect([...wasm.crossEntropy(x, wasm.from([1], [1], "int32")).loss.data]).toEqual([2000]);
    expect([...wasm.logSoftmax(x).data]).toEqual([0, -2000, -1000]);
  });
});
