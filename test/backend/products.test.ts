import { describe, expect, test } from "vitest";
import type { Activation, RawArray } from "../../src/backend/backend.ts";
import { reference } from "../../src/backend/reference/referenceBackend.ts";
import { kernels, threads } from "../../src/backend/wasm/kernels.ts";
import { usage } from "../../src/backend/wasm/memory.ts";
import { wasm } from "../../src/backend/wasm/wasmBackend.ts";
import { generator } from "../../src/random/index.ts";
import { sizeOf } from "../../src/util/shape.ts";
import { expectNothingBeyond, expectSameBits } from "../support/bits.ts";

/** Numbers of many magnitudes, so that any other order of a sum rounds differently. */
function pair(shape: readonly number[], seed: number): [RawArray, RawArray] {
  const random = generator(seed);
  const values = Float32Array.from(
    { length: sizeOf(shape) },
    () => random.normal() * 10 ** (random.integer(5) - 2),
  );
  return [wasm.from(values, shape, "float32"), reference.from(values, shape, "float32")];
}

const bothWays = [false, true].flatMap((left) => [false, true].map((right) => [left, right] as const));

describe("a product's bits are the reference's, whichever operand is read transposed", () => {
  // Depths around the inner loop's four steps and the block of 256, sizes around the tiles and the block of rows.
  const sizes: [number, number, number][] = [
    ...[1, 2, 3, 4, 5, 6, 9, 255, 256, 257, 517].map((k): [number, number, number] => [6, k, 17]),
    ...[1, 4, 5, 6, 10, 11, 1205].map((m): [number, number, number] => [m, 7, 20]),
    ...[1, 2, 7, 8, 9, 15, 16, 33].map((n): [number, number, number] => [12, 6, n]),
  ];
  test.each(sizes)("[%i, %i] @ [.., %i]", (m, k, n) => {
    for (const [left, right] of bothWays) {
      const [x, xReference] = pair(left ? [k, m] : [m, k], 3);
      const [y, yReference] = pair(right ? [n, k] : [k, n], 5);
      const expected = reference.matmul(xReference, yReference, left, right);
      expectSameBits(
        expectNothingBeyond(m * n, () => wasm.matmul(x, y, left, right)),
        expected,
      );
    }
  });

  test.each([
    [[3], []],
    [[], [3]],
    [[3], [3]],
    [[2, 1], [4]],
    [
      [2, 1],
      [1, 3],
    ],
    [[0], [0]],
  ])("leading axes %j and %j", (front, other) => {
    for (const [left, right] of bothWays) {
      const [x, xReference] = pair([...front, ...(left ? [9, 7] : [7, 9])], 3);
      const [y, yReference] = pair([...other, ...(right ? [18, 9] : [9, 18])], 5);
      expectSameBits(wasm.matmul(x, y, left, right), reference.matmul(xReference, yReference, left, right));
    }
  });
});

test("every width of tile gives the same bits, on scratch that held NaN", () => {
  const [m, k, n] = [23, 300, 45];
  const [x, xReference] = pair([m, k], 3);
  const [y, yReference] = pair([k, n], 5);
  const expected = reference.matmul(xReference, yReference, false, false);
  const pointer = (array: RawArray): number => array.data.byteOffset;
  for (const gemm of [kernels.gemm8, kernels.gemm16]) {
    const scratchFloats = (kernels.GEMM_SCRATCH.value as number) / 4;
    new Float32Array(x.data.buffer, threads.scratch, scratchFloats).fill(NaN);
    const out = wasm.from(new Float32Array(m * n).fill(NaN), [m, n], "float32");
    const operands = [pointer(x), k * 4, 4, pointer(y), n * 4, 4, pointer(out), n * 4];
    gemm(0, m, 0, n, k, ...operands, 0, -1, threads.scratch);
    expectSameBits(out, expected);
  }
});

describe("zeros that are passed over change no bit, at every width of tile", () => {
  // Two blocks of depth and more rows than two tiles hold; columns for whole tiles and an edge.
  const [m, k, n] = [23, 300, 37];
  const oneHot = (row: number, column: number): number => (column === (row * 37) % k ? 1.7 : 0);
  const matrices: Record<string, (row: number, column: number) => number> = {
    "one-hot rows": oneHot,
    "zeros of both signs": (row, column) => oneHot(row, column) || (column % 2 ? -0 : 0),
    "nothing but zeros": () => 0,
    "every third column": (row, column) => (column % 3 ? 0 : Math.fround(0.1 * (row + column) - 5)),
    "zeros after a full beginning": (row, column) => (column < 40 ? Math.fround(1 / (row + column + 1)) : 0),
    "a full end after zeros": (row, column) => (column < 200 ? 0 : Math.fround(1 / (row + column + 1))),
    "one full row among empty ones": (row, column) => (row === 12 ? Math.fround(0.1 * column) : 0),
    "one-hot rows with NaN, infinity and denormals": (row, column) =>
      oneHot(row, column) && [NaN, Infinity, -Infinity, 1e-45, -1e-45][row % 5],
  };
  const plain = pair([k, n], 5)[1];
  const others: Record<string, (values: Float32Array) => void> = {
    "finite numbers": () => {},
    NaN: (values) => (values[123 * n + 20] = NaN),
    infinity: (values) => (values[7 * n] = -Infinity),
    "negative zeros": (values) => values.fill(-0),
  };
  test.each(Object.keys(matrices).flatMap((kind) => Object.keys(others).map((other) => [kind, other])))(
    "%s by %s",
    (kind, other) => {
      const values = Float32Array.from({ length: m * k }, (_, i) => matrices[kind](Math.floor(i / k), i % k));
      const transposed = Float32Array.from(
        { length: m * k },
        (_, i) => values[(i % m) * k + Math.floor(i / m)],
      );
      const [x, xT] = [wasm.from(values, [m, k], "float32"), wasm.from(transposed, [k, m], "float32")];
      const right = Float32Array.from(plain.data);
      others[other](right);
      const expected = reference.matmul(
        reference.from(values, [m, k], "float32"),
        reference.from(right, [k, n], "float32"),
        false,
        false,
      );
      const y = wasm.from(right, [k, n], "float32");
      const yT = wasm.gather(y, { shape: [n, k], strides: [1, n], offset: 0 });
      const pointer = (array: RawArray): number => array.data.byteOffset;
      const layouts = [
        [pointer(x), k * 4, 4, pointer(y), n * 4, 4],
        [pointer(xT), 4, m * 4, pointer(y), n * 4, 4],
        [pointer(x), k * 4, 4, pointer(yT), 4, k * 4],
      ];
      for (const gemm of [kernels.gemm8, kernels.gemm16])
        for (const operands of layouts) {
          const out = wasm.from(new Float32Array(m * n).fill(5), [m, n], "float32");
          gemm(0, m, 0, n, k, ...operands, pointer(out), n * 4, 0, -1, threads.scratch);
          expectSameBits(out, expected);
        }
    },
  );
});

describe("linear is matmul, then add, then the activation, bit for bit", () => {
  const activations: (Activation | undefined)[] = [undefined, "relu", "sigmoid", "tanh"];
  const sizes: [number, number, number][] = [
    [9, 20, 11],
    [1, 1, 1],
    [32, 16, 1],
    [64, 300, 257],
    [3, 0, 4],
    [0, 4, 3],
    [130, 200, 130],
  ];
  test.each(activations.flatMap((activation) => sizes.map((size) => [activation, ...size] as const)))(
    "%s of [%i, %i] @ [.., %i]",
    (activation, m, k, n) => {
      const [x, xReference] = pair([m, k], 1);
      const [weight, weightReference] = pair([k, n], 2);
      const [bias, biasReference] = pair([n], 3);
      for (const [b, bReference] of [[bias, biasReference], []]) {
        const before = usage().blocks;
        const y = wasm.linear(x, weight, b, activation);
        expect(usage().blocks).toBe(before + 1);
        const product = wasm.matmul(x, weight, false, false);
        const sum = b ? wasm.binary("add", product, b) : product;
        expectSameBits(y, activation ? wasm.unary(activation, sum) : sum);
        if (activation === undefined || activation === "relu")
          expectSameBits(y, reference.linear(xReference, weightReference, bReference, activation));
      }
    },
  );
});
