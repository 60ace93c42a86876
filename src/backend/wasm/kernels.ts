import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import type { Kernels } from "./kernelExports.ts";
import { memory } from "./memory.ts";
import { selfTest } from "./selfTest.ts";
import { ThreadPool, threadCount } from "./threads.ts";

/**
 * The last Node on which V8's flags were found sound: a compiler that is led astray ends the process, and no self-test can
 * catch that. `npm run bench -- --determinism` compiles every kernel with them under each Node.
 */
const FLAGS_UP_TO = 26;
const nodeVersion = Number(process.versions.node.split(".")[0]);

/**
 * 256 where V8 can join pairs of 128-bit operations into AVX2 (x64, Node 22 to 26), else 128.
 * `GRADBOOK_SIMD=128` forbids the former. Neither changes a bit of any result.
 * @throws RangeError for any other value of the variable
 */
function vectorBits(): 128 | 256 {
  const asked = process.env.GRADBOOK_SIMD ?? "";
  if (!["", "128", "256"].includes(asked))
    throw new RangeError(`GRADBOOK_SIMD must be 128 or 256, got "${asked}"`);
  const able = process.arch === "x64" && nodeVersion >= 22 && nodeVersion <= FLAGS_UP_TO;
  return able && asked !== "128" ? 256 : 128;
}

/**
 * `GRADBOOK_FAST=1` adds products unrounded where the processor can, so that results differ in their last bits from
 * one machine to another. Off by default.
 * @throws RangeError for a value that is neither 0 nor 1, Error where Node lacks relaxed SIMD
 */
function fastMode(): boolean {
  const asked = process.env.GRADBOOK_FAST ?? "";
  if (!["", "0", "1"].includes(asked)) throw new RangeError(`GRADBOOK_FAST must be 0 or 1, got "${asked}"`);
  if (asked === "1" && nodeVersion < 22)
    throw new Error(`GRADBOOK_FAST=1 needs Node 22 or later, this is ${process.version}; unset it`);
  return asked === "1";
}

/** Whether products are fused with their sums. */
export const fast: boolean = fastMode();

/**
 * Kernels are compiled on their first call, by the optimizing compiler alone: the revectorizer is part of it, so the
 * self-test sees the code that will run. V8 reads its flags when it compiles.
 */
function load(): { module: WebAssembly.Module; kernels: Kernels } {
  if (nodeVersion <= FLAGS_UP_TO) {
    setFlagsFromString("--no-liftoff");
    // The optimizing compiler would guess from what the other one has counted, and aborts where nothing was: on the
    // command line the flag above brings this one with it, at run time it does not.
    if (nodeVersion >= 24) setFlagsFromString("--no-wasm-deopt");
  }
  const module = new WebAssembly.Module(
    readFileSync(new URL(`./kernels${fast ? ".fast" : ""}.wasm`, import.meta.url)),
  );
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { module, kernels: exports as unknown as Kernels };
}

function loadTested(): { module: WebAssembly.Module; kernels: Kernels; simd: 128 | 256 } {
  const bits = vectorBits();
  // Off is what V8 starts with, and before Node 22 it does not know the flag.
  if (bits === 256) setFlagsFromString("--experimental-wasm-revectorize");
  const loaded = load();
  const wrong = selfTest(loaded.kernels, bits, fast);
  if (wrong === undefined) return { ...loaded, simd: bits };
  const failure = (kernel: string): Error =>
    new Error(
      `the WebAssembly kernel ${kernel} fails its self-test on ${process.arch}, Node ${process.version}`,
    );
  if (bits === 128) throw failure(wrong);
  setFlagsFromString("--no-experimental-wasm-revectorize");
  const narrow = load();
  const stillWrong = selfTest(narrow.kernels, 128, fast);
  if (stillWrong !== undefined) throw failure(stillWrong);
  process.emitWarning(`the 256-bit kernel ${wrong} fails its self-test here; gradbook computes at 128 bits`);
  return { ...narrow, simd: 128 };
}

const loaded = loadTested();
export const kernels: Kernels = loaded.kernels;
/** The vector width in use. */
export const simd: 128 | 256 = loaded.simd;
/**
 * Columns of the products' tiles: what registers of that width hold best. Tiles change no bit, and to prove it
 * test/determinism/ asks for the other one with `GRADBOOK_TILE`, which is for nothing else.
 */
export const tileColumns: 8 | 16 =
  (process.env.GRADBOOK_TILE ?? (simd === 256 ? "16" : "8")) === "16" ? 16 : 8;
export const threads: ThreadPool = new ThreadPool(
  loaded.module,
  kernels.run,
  threadCount(),
  Math.max(kernels.GEMM_SCRATCH.value as number, kernels.CONVOLUTION_SCRATCH.value as number),
);
