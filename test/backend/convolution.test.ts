import { describe, expect, test } from "vitest";
import type { Backend, RawArray } from "../../src/backend/backend.ts";
import { reference } from "../../src/backend/reference/referenceBackend.ts";
import { kernels } from "../../src/backend/wasm/kernels.ts";
import { usage } from "../../src/backend/wasm/memory.ts";
import { wasm } from "../../src/backend/wasm/wasmBackend.ts";
import { weightGradientParts } from "../../src/backend/weightGradientParts.ts";
import { type Pair, placesOf, type Window } from "../../src/backend/window.ts";
import { generator } from "../../src/random/index.ts";
import { sizeOf } from "../../src/util/shape.ts";
import { dirty, expectNothingBeyond, expectSameBits } from "../support/bits.ts";

interface Problem {
  readonly images: readonly [number, number, number, number];
  readonly outputs: number;
  readonly window: Window;
}

const problem = (
  images: readonly [number, number, number, number],
  outputs: number,
  kernel: Pair,
  stride: Pair = [1, 1],
  padding: Pair = [0, 0],
): Problem => ({ images, outputs, window: { kernel, stride, padding } });

type Values = (size: number, seed: number) => Float32Array;

const normal: Values = (size, seed) => {
  const random = generator(seed);
  return Float32Array.from({ length: size }, () => random.normal());
};

/** Forward with and without bias and activation, both gradients, and the transposed convolution with a bias. */
function results(
  backend: Backend,
  { images, outputs, window }: Problem,
  values: Values = normal,
): RawArray[] {
  const [count, height, width, channels] = images;
  const array = (shape: readonly number[], seed: number): RawArray =>
    backend.from(values(sizeOf(shape), seed), shape, "float32");
  const [x, weight] = [array(images, 1), array([outputs, ...window.kernel, channels], 2)];
  const gradient = array([count, ...placesOf([height, width], window), outputs], 3);
  const size = [height, width] as const;
  return [
    backend.conv2d(x, weight, undefined, window),
    backend.conv2d(x, weight, array([outputs], 4), window, "relu"),
    backend.conv2dInput(gradient, weight, undefined, window, size),
    backend.conv2dInput(gradient, weight, array([channels], 5), window, size),
    backend.conv2dWeight(x, gradient, window),
  ];
}

function expectAgreement(problem: Problem, values: Values = normal): void {
  const expected = results(reference, problem, values);
  for (const [i, actual] of results(wasm, problem, values).entries()) expectSameBits(actual, expected[i]);
}

describe("wasm equals the reference bit for bit", () => {
  const channels = [1, 2, 3, 5, 8, 17, 32];
  test.each(channels.flatMap((inputs) => channels.map((outputs) => [inputs, outputs] as const)))(
    "%i channels to %i",
    (inputs, outputs) => {
      expectAgreement(problem([2, 5, 7, inputs], outputs, [3, 3], [1, 1], [1, 1]));
      expectAgreement(problem([2, 6, 5, inputs], outputs, [1, 1]));
    },
  );

  const windows = [1, 2, 3].flatMap((stride) =>
    [0, 1, 2].flatMap((padding) => [1, 2, 3, 5].map((kernel) => [kernel, stride, padding] as const)),
  );
  test.each(windows)("window %i, stride %i, padding %i", (kernel, stride, padding) => {
    const pairs = [
      [kernel, kernel],
      [stride, stride],
      [padding, padding],
    ] as [Pair, Pair, Pair];
    expectAgreement(problem([2, 9, 8, 3], 5, ...pairs));
    expectAgreement(problem([1, 5, 21, 1], 9, ...pairs));
  });

  test.each([
    ["axes of their own", problem([2, 7, 9, 3], 4, [2, 4], [3, 1], [0, 3])],
    ["one place", problem([1, 1, 1, 1], 1, [1, 1])],
    ["no image", problem([0, 4, 4, 3], 5, [3, 3])],
    ["more padding than the window is wide", problem([1, 3, 3, 2], 3, [2, 2], [1, 1], [4, 3])],
    ["a stride past the window", problem([1, 11, 10, 2], 3, [2, 1], [4, 5], [1, 0])],
    ["a row too wide for scratch", problem([1, 3, 2049, 32], 3, [2, 2], [1, 2], [1, 1])],
    ["many images, for all threads", problem([40, 7, 7, 5], 8, [3, 3], [1, 1], [1, 1])],
    ["many weights, in one part", problem([2, 1, 1, 1024], 1030, [1, 1])],
  ])("%s", (_title, problem) => expectAgreement(problem));

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17, 31])("rows of %i places", (width) => {
    for (const outputs of [4, 8, 16]) expectAgreement(problem([1, 2, width, 3], outputs, [1, 1]));
  });

  test("extremes: ±0, infinities, NaN and denormals", () => {
    const extremes = [0, -0, 1, -1, Infinity, -Infinity, NaN, 1e-45, -1e-45, 1.17e-38, 3.4e38, -3.4e38];
    const values: Values = (size, seed) => {
      const random = generator(seed);
      return Float32Array.from({ length: size }, () =>
        random.integer(20) === 0 ? extremes[random.integer(extremes.length)] : random.normal(),
      );
    };
    expectAgreement(problem([2, 6, 7, 3], 6, [3, 3], [2, 1], [1, 2]), values);
  });
});

test("padding: rows outside the image are left out, columns are zeros that meet an infinite weight as NaN", () => {
  const x = wasm.from([1, 2, 3], [1, 1, 3, 1], "float32");
  const weight = wasm.from([Infinity, 1, 1], [1, 1, 3, 1], "float32");
  const across = { kernel: [1, 3], stride: [1, 1], padding: [0, 1] } as const;
  expect([...wasm.conv2d(x, weight, undefined, across).data]).toEqual([NaN, Infinity, Infinity]);
  const column = (array: RawArray, rows: number): RawArray => wasm.reshape(array, [1, rows, 1, 1]);
  const down = { kernel: [3, 1], stride: [1, 1], padding: [1, 0] } as const;
  const y = wasm.conv2d(column(x, 3), column(weight, 3), undefined, down);
  expect([...y.data]).toEqual([3, Infinity, Infinity]);
});

test("parts of the weights' gradient depend on shapes alone, hold all rows, and stay below 4 MiB", () => {
  for (const rows of [0, 1, 15, 16, 17, 1000])
    for (const weights of [1, 9216, 100_000, 10_000_000]) {
      const { parts, rowsOfPart } = weightGradientParts(rows, weights);
      expect(parts * rowsOfPart).toBeGreaterThanOrEqual(rows);
      expect((parts - 1) * rowsOfPart).toBeLessThan(Math.max(1, rows));
      expect(parts === 1 || parts * weights <= 1 << 20 || rows === 0).toBe(true);
      expect(parts).toBeLessThanOrEqual(16);
    }
});

describe("memory", () => {
  const cases = [
    problem([2, 5, 5, 3], 5, [3, 3], [2, 2], [1, 1]),
    problem([1, 3, 2049, 32], 3, [2, 2], [1, 2], [1, 1]),
  ];

  test.each(cases)("every array made on the way is given back", (one) => {
    const inputs = 5;
    const before = usage().blocks;
    const made = results(wasm, one);
    expect(usage().blocks).toBe(before + made.length + inputs);
  });

  test.each(cases)("results do not depend on what memory held before", (one) => {
    const first = results(wasm, one);
    const copies = first.map(({ data }) => data.slice());
    dirty(1 << 20);
    for (const array of first) {
      wasm.fill(array, NaN);
      array.release("the test");
    }
    for (const [i, again] of results(wasm, one).entries()) expect(again.data).toEqual(copies[i]);
  });

  test("packing writes the packed weights and nothing beyond, and unpacking the weights", () => {
    for (const outputs of [1, 3, 4, 5, 8, 9, 17]) {
      const padded = Math.ceil(outputs / 4) * 4;
      const weights = wasm.from(normal(outputs * 6, 1), [outputs, 1, 2, 3], "float32");
      const [packed, back] = [padded * 6, outputs * 6].map((size) => {
        const room = wasm.empty([size + 8], "float32");
        wasm.fill(room, 77);
        return room;
      });
      const pointer = (array: RawArray): number => array.data.byteOffset;
      const arrays = (from: RawArray): number[] => [pointer(from), 6, 6, 3, 1, pointer(packed)];
      kernels.packWeights(0, 16, outputs, 1, 2, 3, ...arrays(weights));
      kernels.packWeights(1, 16, outputs, 1, 2, 3, ...arrays(back));
      expect([...packed.data.subarray(padded * 6)]).toEqual(new Array(8).fill(77));
      expect([...back.data]).toEqual([...weights.data, ...new Array<number>(8).fill(77)]);
    }
  });

  test.each([1, 2, 3, 5, 7, 9, 11, 13])("nothing is written beyond results of %i channels", (channels) => {
    const one = problem([1, 3, 3, channels], channels, [2, 2]);
    const array = (shape: readonly number[]): RawArray =>
      wasm.from(normal(sizeOf(shape), 1), shape, "float32");
    const [x, weight, y] = [one.images, [channels, 2, 2, channels], [1, 2, 2, channels]].map(array);
    expectNothingBeyond(y.size, () => wasm.conv2d(x, weight, undefined, one.window));
    expectNothingBeyond(x.size, () => wasm.conv2dInput(y, weight, undefined, one.window, [3, 3]));
    expectNothingBeyond(weight.size, () => wasm.conv2dWeight(x, y, one.window));
  });
});
