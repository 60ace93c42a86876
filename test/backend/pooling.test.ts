import { describe, expect, test } from "vitest";
import type { Backend, PoolKind, RawArray } from "../../src/backend/backend.ts";
import { reference } from "../../src/backend/reference/referenceBackend.ts";
import { usage } from "../../src/backend/wasm/memory.ts";
import { poolKinds } from "../../src/backend/wasm/kinds.ts";
import { wasm } from "../../src/backend/wasm/wasmBackend.ts";
import { type Pair, placesOf, type Window } from "../../src/backend/window.ts";
import { generator } from "../../src/random/index.ts";
import { sizeOf } from "../../src/util/shape.ts";
import { expectNothingBeyond, expectSameBits } from "../support/bits.ts";

const extremes = [0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45, 1.17e-38, 3.4e38, -3.4e38];

/** Few different numbers, so that maxima are often reached twice; with extremes if asked. */
function values(size: number, seed: number, extreme: boolean): Float32Array {
  const random = generator(seed);
  return Float32Array.from({ length: size }, () =>
    extreme && random.integer(8) === 0 ? extremes[random.integer(extremes.length)] : random.integer(7) - 3.1,
  );
}

/** The result, and the gradient of the images. */
function results(
  backend: Backend,
  kind: PoolKind,
  images: readonly number[],
  window: Window,
  extreme = false,
): [RawArray, RawArray] {
  const x = backend.from(values(sizeOf(images), 1, extreme), images, "float32");
  const y = backend.pool2d(kind, x, window);
  const gradient = backend.from(values(y.size, 2, extreme), y.shape, "float32");
  return [y, backend.pool2dGradient(kind, gradient, x, y, window)];
}

function expectAgreement(kind: PoolKind, images: readonly number[], window: Window, extreme = false): void {
  const expected = results(reference, kind, images, window, extreme);
  for (const [i, actual] of results(wasm, kind, images, window, extreme).entries())
    expectSameBits(actual, expected[i]);
}

const square = (kernel: number, stride: number, padding: number): Window => ({
  kernel: [kernel, kernel],
  stride: [stride, stride],
  padding: [padding, padding],
});

describe.each(poolKinds)("%s: wasm equals the reference bit for bit", (kind) => {
  test.each([1, 2, 3, 4, 5, 8, 11, 12, 16, 17, 32])("%i channels", (channels) => {
    expectAgreement(kind, [2, 6, 7, channels], square(2, 2, 0));
    expectAgreement(kind, [2, 6, 7, channels], square(3, 2, 1), true);
  });

  const windows = [1, 2, 3].flatMap((stride) =>
    [1, 2, 3, 5].flatMap((kernel) => [0, 1, 2].map((padding) => [kernel, stride, padding] as const)),
  );
  test.each(windows.filter(([kernel, , padding]) => 2 * padding <= kernel))(
    "window %i, stride %i, padding %i",
    (kernel, stride, padding) => {
      for (const extreme of [false, true])
        expectAgreement(kind, [2, 9, 8, 5], square(kernel, stride, padding), extreme);
    },
  );

  test("axes of their own, no image, one element, and images for all threads", () => {
    const pairs = { kernel: [2, 4], stride: [3, 1], padding: [0, 2] } as Record<keyof Window, Pair>;
    expectAgreement(kind, [2, 7, 9, 3], pairs);
    expectAgreement(kind, [0, 4, 4, 3], square(2, 2, 0));
    expectAgreement(kind, [1, 1, 1, 1], square(1, 1, 0));
    expectAgreement(kind, [70, 16, 16, 8], square(3, 2, 1));
  });
});

test("a maximum: the first of equals takes the gradient, a NaN passes on and takes it too", () => {
  const gradientOf = (numbers: number[]): number[] => {
    const window = { kernel: [1, numbers.length], stride: [1, 1], padding: [0, 0] } as const;
    const x = wasm.from(numbers, [1, 1, numbers.length, 1], "float32");
    const y = wasm.pool2d("max", x, window);
    expect(y.data[0]).toBe(Math.max(...numbers));
    return [...wasm.pool2dGradient("max", wasm.from([5], y.shape, "float32"), x, y, window).data];
  };
  expect(gradientOf([1, 3, 3, 2])).toEqual([0, 5, 0, 0]);
  expect(gradientOf([1, 3, NaN, NaN])).toEqual([0, 0, 5, 0]);
  expect(gradientOf([-Infinity, -Infinity])).toEqual([5, 0]);
});

describe.each(poolKinds)("%s: memory", (kind) => {
  const images = [2, 5, 5, 3];
  const window = square(3, 2, 1);

  test("only the result is made", () => {
    const before = usage().blocks;
    results(wasm, kind, images, window);
    expect(usage().blocks).toBe(before + 4);
  });

  test("results do not depend on what memory held before", () => {
    const first = results(wasm, kind, images, window);
    const copies = first.map(({ data }) => data.slice());
    for (const array of first) {
      wasm.fill(array, NaN);
      array.release("the test");
    }
    for (const [i, again] of results(wasm, kind, images, window).entries())
      expect(again.data).toEqual(copies[i]);
  });

  test.each([1, 2, 3, 5, 7, 9, 11])("nothing is written beyond results of %i channels", (channels) => {
    const shape = [1, 3, 3, channels];
    const x = wasm.from(values(sizeOf(shape), 1, false), shape, "float32");
    const size = sizeOf([...placesOf([3, 3], window), channels]);
    const y = expectNothingBeyond(size, () => wasm.pool2d(kind, x, window));
    expectNothingBeyond(x.size, () => wasm.pool2dGradient(kind, y, x, y, window));
  });
});
