import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { Backend, RawArray } from "../../src/backend/backend.ts";
import { reference } from "../../src/backend/reference/referenceBackend.ts";
import { allocate, type Block, memory, releaseBlock, usage } from "../../src/backend/wasm/memory.ts";
import type { WasmArray } from "../../src/backend/wasm/wasmArray.ts";
import { wasm } from "../../src/backend/wasm/wasmBackend.ts";
import { Generator } from "../../src/random/index.ts";

const MEBIBYTE = 1 << 20;

test("a freed block serves the next of its size class", () => {
  for (const bytes of [2, 100, 1000, 12_345, MEBIBYTE]) {
    const block = allocate(bytes);
    releaseBlock(block);
    expect(allocate(bytes - 1)).toEqual({ ...block, references: 1 });
  }
});

test("blocks hold what was asked for, waste at most a quarter of it, and do not overlap", () => {
  const blocks = Array.from({ length: 200 }, (_, i) => {
    const bytes = Math.floor(1.07 ** i);
    const block = allocate(bytes);
    expect(block.bytes).toBeGreaterThanOrEqual(bytes);
    expect(block.bytes).toBeLessThanOrEqual(Math.max(bytes + 64, bytes * 1.25));
    expect(block.pointer % 64).toBe(0);
    return block;
  }).sort((a, b) => a.pointer - b.pointer);
  for (const [i, block] of blocks.slice(1).entries())
    expect(block.pointer).toBeGreaterThanOrEqual(blocks[i].pointer + blocks[i].bytes);
  for (const block of blocks) releaseBlock(block);
});

test("what is in use counts blocks once, however many arrays share them", () => {
  const before = usage();
  const x = wasm.empty([1000], "float32");
  const view = wasm.reshape(x, [10, 100]);
  expect(usage()).toEqual({ bytes: before.bytes + 4096, blocks: before.blocks + 1 });
  x.release("the test");
  expect(usage().blocks).toBe(before.blocks + 1);
  view.release("the test");
  expect(usage()).toEqual(before);
});

test("arrays and views of them outlive the memory's growth", () => {
  const size = 5 * MEBIBYTE; // 20 MiB each
  const first = wasm.from(new Float32Array(size).fill(2), [size], "float32");
  const view = first.data;
  const before = memory.buffer.byteLength;
  const doubled = [1, 2, 3].map(() => wasm.binary("add", first, first));
  expect(memory.buffer.byteLength).toBeGreaterThan(before);
  wasm.fill(first, 3);
  expect([view[0], view[size - 1]]).toEqual([3, 3]);
  for (const array of doubled) {
    expect(array.data.every((value) => value === 4)).toBe(true);
    array.release("the test");
  }
  first.release("the test");
});

test("memory stays near what was in use at most, over sizes that never come back", () => {
  const before = memory.buffer.byteLength;
  const held = 64 * MEBIBYTE;
  for (let round = 0; round < 60; round++) {
    const size = Math.floor(MEBIBYTE * 1.07 ** round);
    const blocks = Array.from({ length: Math.ceil(held / size) }, () => allocate(size));
    for (const block of blocks) releaseBlock(block);
  }
  expect(memory.buffer.byteLength - before).toBeLessThan(2 * held);
});

test("blocks of sizes that never come back do not overlap, and keep what was written", () => {
  const generator = new Generator(7);
  const live: { block: Block; bytes: number; mark: number }[] = [];
  const intact = ({ block, bytes, mark }: (typeof live)[number]): boolean =>
    new Uint8Array(memory.buffer, block.pointer, bytes).every((byte) => byte === mark);
  for (let round = 0; round < 3000; round++)
    if (live.length > 40) {
      const [one] = live.splice(Math.floor(generator.uniform() * live.length), 1);
      expect(intact(one)).toBe(true);
      releaseBlock(one.block);
    } else {
      const [bytes, mark] = [Math.floor(4 * 2 ** (generator.uniform() * 13)), round % 251];
      const block = allocate(bytes);
      new Uint8Array(memory.buffer, block.pointer, bytes).fill(mark);
      live.push({ block, bytes, mark });
    }
  for (const one of live) {
    expect(intact(one)).toBe(true);
    releaseBlock(one.block);
  }
});

test.each([2 ** 32 + 1, 2 ** 40, NaN])("%d bytes are refused, and change nothing", (bytes) => {
  const before = usage();
  expect(() => allocate(bytes)).toThrow("out of memory");
  expect(usage()).toEqual(before);
  const block = allocate(64);
  expect(Number.isInteger(block.pointer)).toBe(true);
  releaseBlock(block);
});

test("bytes take one byte each", () => {
  const before = usage().bytes;
  const x = wasm.empty([1000], "uint8");
  expect(usage().bytes - before).toBe(1024);
  x.release("the test");
});

test("an array that nobody holds any more is freed once the event loop turns", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const before = usage().blocks;
  (() => {
    wasm.empty([10], "float32");
    wasm.empty([10], "float32").release("the test"); // and this one not a second time
  })();
  expect(usage().blocks).toBe(before + 1);
  while (usage().blocks > before) {
    collect();
    await new Promise(setImmediate);
  }
  expect(usage().blocks).toBe(before);
});

test("kernels reach addresses past 2 GiB, which are negative as i32", () => {
  const spacer = allocate(2 ** 31);
  const [rows, columns] = [3, 240_000];
  const size = rows * columns;
  const data = Float32Array.from({ length: size }, (_, i) => (i % 97) / 7);
  const [x, y] = [wasm.from(data, [size], "float32"), reference.from(data, [size], "float32")];
  const view = { shape: [rows, columns], strides: [1, rows], offset: 0 };
  const compute = (backend: Backend, input: RawArray): RawArray[] => {
    const gathered = backend.gather(input, view);
    const written = backend.empty([size], "float32");
    backend.write(gathered, view, written);
    return [
      backend.binary("add", input, input),
      backend.unary("neg", input),
      gathered,
      written,
      backend.where(input, input, gathered),
      backend.matmul(gathered, gathered, false, true),
      backend.reduce("sum", gathered, 1, rows, columns, [columns]),
      backend.argExtreme("max", gathered, rows, columns, 1, [rows]),
    ];
  };
  const results = compute(wasm, x);
  expect((results[0] as WasmArray).pointer).toBeGreaterThan(2 ** 31);
  for (const [i, expected] of compute(reference, y).entries())
    expect(
      results[i].data.every((value, index) => value === expected.data[index]),
      `result ${i}`,
    ).toBe(true);
  expect(() => allocate(2 ** 31)).toThrow("out of memory");
  for (const array of [x, ...results]) array.release("the test");
  releaseBlock(spacer);
});

test("when no new memory is left, blocks of other sizes are joined and cut anew", () => {
  const halves = [allocate(2 ** 30), allocate(2 ** 30)];
  for (const block of halves) releaseBlock(block);
  const blocks = [allocate(1.5 * 2 ** 30), allocate(1.5 * 2 ** 30)];
  const [first, second] = blocks.map(({ pointer }) => pointer).sort((a, b) => a - b);
  expect(second - first).toBeGreaterThanOrEqual(1.5 * 2 ** 30);
  expect(() => allocate(2 ** 30)).toThrow("out of memory");
  for (const block of blocks) releaseBlock(block);
  releaseBlock(allocate(2 ** 31));
});
