import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { RawArray } from "../../src/backend/backend.ts";
import { reference } from "../../src/backend/reference/referenceBackend.ts";
import { jobs } from "../../src/backend/wasm/jobs.ts";
import { kernels } from "../../src/backend/wasm/kernels.ts";
import { unaryKinds } from "../../src/backend/wasm/kinds.ts";
import { type Run, ThreadPool } from "../../src/backend/wasm/threads.ts";
import type { WasmArray } from "../../src/backend/wasm/wasmArray.ts";
import { wasm } from "../../src/backend/wasm/wasmBackend.ts";
import { generator } from "../../src/random/index.ts";

const random = generator(3);
const values = (size: number): Float32Array => Float32Array.from({ length: size }, () => random.normal());

const bytesOf = ({ data }: RawArray): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

test("thousands of parallel jobs in a row give the reference's bits", () => {
  const [m, k, n] = [128, 128, 130];
  const [x, y] = [values(m * k), values(k * n)];
  const expected = reference.matmul(
    reference.from(x, [m, k], "float32"),
    reference.from(y, [k, n], "float32"),
    false,
    false,
  );
  const [a, b] = [wasm.from(x, [m, k], "float32"), wasm.from(y, [k, n], "float32")];
  for (let i = 0; i < 2000; i++) {
    const product = wasm.matmul(a, b, false, false);
    expect(bytesOf(product).equals(bytesOf(expected)), `product ${i}`).toBe(true);
    product.release("the test");
  }
});

test("after a job was broken off halfway, the next one is right", () => {
  // Chunks long enough that no thread alone can take them all before the other comes.
  const [size, chunk] = [1_000_000, 20_000];
  const x = wasm.from(new Float32Array(size).fill(0.5), [size], "float32");
  const out = wasm.empty([size], "float32");
  let interrupt = true;
  const run: Run = (...args) => {
    if (interrupt) throw new Error("interrupted");
    kernels.run(...args);
  };
  const module = new WebAssembly.Module(
    readFileSync(new URL("../../src/backend/wasm/kernels.wasm", import.meta.url)),
  );
  const pool = new ThreadPool(module, run, 2, kernels.GEMM_SCRATCH.value as number);
  const [pointer, to] = [x, out].map((array) => (array as WasmArray).pointer);
  const exponentiate = (): void =>
    pool.run(jobs.unary, [size, chunk, unaryKinds.indexOf("exp"), pointer, to], size / chunk);
  for (let interrupted = 0; interrupted < 20;) {
    interrupt = true;
    try {
      exponentiate(); // the other thread may have taken every chunk
    } catch (error) {
      expect(error).toHaveProperty("message", "interrupted");
      interrupted++;
    }
    wasm.fill(out, 0);
    interrupt = false;
    exponentiate();
    expect(out.data.every((value) => value > 0)).toBe(true);
  }
});

test("a thread still inside a chunk of the job that was broken off does not count towards the next", () => {
  const [size, chunk] = [1_600_000, 400_000];
  const x = wasm.from(new Float32Array(size).fill(0.5), [size], "float32");
  const [broken, whole] = [wasm.empty([size], "float32"), wasm.empty([size], "float32")];
  const [from, toBroken, toWhole] = [x, broken, whole].map((array) => (array as WasmArray).pointer);
  const starts = [0, 1, 2, 3].map((index) => index * chunk);
  let interrupt = false;
  const run: Run = (...args) => {
    if (!interrupt) return kernels.run(...args);
    const written = broken.data;
    // Until the other thread is at work, or for a while if it has not come.
    for (let look = 0; look < 3_000_000 && !starts.some((start) => written[start] > 0); look++);
    throw new Error("interrupted");
  };
  const module = new WebAssembly.Module(
    readFileSync(new URL("../../src/backend/wasm/kernels.wasm", import.meta.url)),
  );
  const pool = new ThreadPool(module, run, 2, kernels.GEMM_SCRATCH.value as number);
  const exponentiate = (to: number): void =>
    pool.run(jobs.unary, [size, chunk, unaryKinds.indexOf("exp"), from, to], size / chunk);
  exponentiate(toWhole);
  for (let interrupted = 0; interrupted < 30;) {
    wasm.fill(broken, 0);
    wasm.fill(whole, 0);
    interrupt = true;
    try {
      exponentiate(toBroken); // the other thread may have taken every chunk
    } catch (error) {
      expect(error).toHaveProperty("message", "interrupted");
      interrupted++;
    }
    interrupt = false;
    exponentiate(toWhole);
    // The last element of each chunk is the last one written.
    const written = whole.data;
    expect(starts.map((start) => written[start + chunk - 1] > 0)).toEqual([true, true, true, true]);
  }
});
