import { expect, test } from "vitest";
import type { Backend, RawArray } from "../../src/backend/backend.ts";
import { reference } from "../../src/backend/reference/referenceBackend.ts";
import { usage } from "../../src/backend/wasm/memory.ts";
import { wasm } from "../../src/backend/wasm/wasmBackend.ts";
import { generator } from "../../src/random/index.ts";

/** Every array that normalizing a batch makes, on memory that held NaN before. */
function run(backend: Backend, rows: number, channels: number): RawArray[] {
  const random = generator(rows * 100 + channels);
  const numbers = (size: number, shape: number[], shift = 0): RawArray =>
    backend.from(
      Float32Array.from({ length: size }, () => random.normal() * 3 + shift),
      shape,
      "float32",
    );
  const x = numbers(rows * channels, [rows, channels], 5);
  const gradient = numbers(rows * channels, [rows, channels]);
  const [scale, shift] = [numbers(channels, [channels]), numbers(channels, [channels])];
  for (const size of [channels, rows * channels, rows * channels * 2])
    for (const array of [1, 2, 3].map(() => wasm.from(new Float32Array(size).fill(NaN), [size], "float32")))
      array.release("the test");
  const before = usage().blocks;
  const statistics = backend.channelStatistics(x);
  const y = backend.normalize(x, statistics, scale, shift, 1e-5);
  const results = [true, false].flatMap((training) =>
    Object.values(backend.normalizeGradient(gradient, x, statistics, scale, 1e-5, training)),
  );
  const all = [statistics.mean, statistics.variance, y, ...results];
  if (backend === wasm) expect(usage().blocks).toBe(before + all.length);
  return all;
}

test.each([
  [1, 1],
  [2, 3],
  [7, 8],
  [513, 5],
  [1030, 12],
  [600, 37],
  [20_000, 16],
  [3, 5000],
  [0, 4],
])("batch normalization of [%i, %i]: wasm equals the reference bit for bit", (rows, channels) => {
  const [actual, expected] = [run(wasm, rows, channels), run(reference, rows, channels)];
  for (const [i, { shape, data }] of expected.entries()) {
    expect(actual[i].shape).toEqual(shape);
    for (let j = 0; j < data.length; j++)
      if (!Object.is(actual[i].data[j], data[j]))
        expect.fail(`array ${i}, element ${j}: ${actual[i].data[j]} against ${data[j]}`);
  }
});

test("the variance of numbers far from 0 keeps its digits", () => {
  const x = wasm.from([16777214, 16777216], [2, 1], "float32");
  const { mean, variance } = wasm.channelStatistics(x);
  expect([mean.data[0], variance.data[0]]).toEqual([16777215, 1]);
});
