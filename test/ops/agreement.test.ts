import { describe, expect, test } from "vitest";
import type { Backend, RawArray } from "../../src/backend/backend.ts";
import { reference } from "../../src/backend/reference/referenceBackend.ts";
import { usage } from "../../src/backend/wasm/memory.ts";
import { wasm } from "../../src/backend/wasm/wasmBackend.ts";
import type { Op } from "../../src/ops/index.ts";
import { generator } from "../../src/random/index.ts";
import { sizeOf } from "../../src/util/shape.ts";
import { approximate, type Case, cases, type Input, operations } from "./cases.ts";

function place(backend: Backend, { shape, low = -2, high = 2, indices }: Input, seed: number): RawArray {
  if (indices) return backend.from(indices, shape, "int32");
  const random = generator(seed);
  const values = Array.from({ length: sizeOf(shape) }, () => low + (high - low) * random.uniform());
  return backend.from(values, shape, "float32");
}

/** The result and the gradients of one operation, on memory that held NaN before. */
function run(op: Op<unknown>, backend: Backend, { inputs, options }: Case): RawArray[] {
  const raws = inputs.map((input, i) => place(backend, input, i + 3));
  dirty();
  const saved: RawArray[] = [];
  const before = usage().blocks;
  const output = op.forward(raws, options, saved);
  expect(usage().blocks, "forward frees what it made for itself").toBeLessThanOrEqual(
    before + 1 + saved.length,
  );
  const upstream = place(backend, { shape: output.shape, low: 0.5, high: 1.5 }, 9);
  const gradients = op.backward(upstream, raws, output, options, saved);
  expect(gradients.length).toBe(raws.length);
  return [output, ...gradients.flatMap((make) => (make ? [make()] : []))];
}

function dirty(): void {
  const held = [1, 2, 16, 24, 48, 96].flatMap((size) =>
    [1, 2, 3].map(() => wasm.from(new Float32Array(size).fill(NaN), [size], "float32")),
  );
  for (const array of held) array.release("the test");
}

describe.each(operations.filter(([name]) => name !== "cast"))(
  "%s: wasm equals the reference, result and gradients",
  (name, op) => {
    const all = cases[name] as readonly Case[];
    test.each(all.map((one) => [JSON.stringify(one), one] as const))("%s", (_title, one) => {
      const [actual, expected] = [run(op, wasm, one), run(op, reference, one)];
      expect(actual.length).toBe(expected.length);
      for (const [i, { shape, dtype, data }] of expected.entries()) {
        expect(actual[i].shape).toEqual(shape);
        expect(actual[i].dtype).toBe(dtype);
        for (const [j, value] of data.entries()) {
          const got = actual[i].data[j];
          if (!approximate.includes(name)) expect(got).toBe(value);
          else expect(Math.abs(got - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
        }
      }
    });
  },
);
