import { expect } from "vitest";
import type { RawArray } from "../../src/backend/backend.ts";
import { wasm } from "../../src/backend/wasm/wasmBackend.ts";

/** Every element the same bits; all NaN count as one. */
export function expectSameBits(actual: RawArray, expected: RawArray): void {
  expect(actual.shape).toEqual(expected.shape);
  const [left, right] = [actual.data, expected.data];
  for (let i = 0; i < expected.size; i++)
    if (!Object.is(left[i], right[i])) expect.fail(`element ${i}: ${left[i]} against ${right[i]}`);
}

/**
 * What `work` returns, held to leave the rest of its memory block alone: freed blocks are taken again last come, first
 * served, so its first array lies where one of the same size was just freed, between floats that must not change.
 */
export function expectNothingBeyond(size: number, work: () => RawArray): RawArray {
  const bytes = Math.ceil((size * 4) / 64) * 64;
  const before = wasm.empty([size], "float32");
  const { buffer, byteOffset } = before.data;
  const block = new Float32Array(buffer, byteOffset, bytes / 4).fill(77);
  before.release("the test");
  const result = work();
  expect(result.size).toBe(size);
  expect(result.data.byteOffset, "the result lies in the block that was freed").toBe(byteOffset);
  expect([...block.subarray(size)], "what follows the result").toEqual(
    new Array<number>(block.length - size).fill(77),
  );
  return result;
}

/** Leave NaN in free memory blocks of every class up to so many elements. */
export function dirty(elements: number): void {
  const held: RawArray[] = [];
  for (let size = 16; size <= elements; size = Math.ceil(size * 1.18))
    for (let i = 0; i < 2; i++) held.push(wasm.empty([size], "float32"));
  for (const array of held) wasm.fill(array, NaN);
  for (const array of held) array.release("the test");
}
