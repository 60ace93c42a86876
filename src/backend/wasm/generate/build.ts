/**
 * Builds ../kernels.wasm and ../kernels.fast.wasm: `npm run build:wasm`. Both are committed, and a test rebuilds and
 * compares them.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { convolutionSource } from "./convolution.ts";
import { elementwiseSource } from "./elementwise.ts";
import { gemmSource } from "./gemm.ts";
import { normalizationSource } from "./normalization.ts";
import { optimizersSource } from "./optimizers.ts";
import { recurrentStepsSource } from "./recurrentSteps.ts";
import { poolingSource } from "./pooling.ts";
import { runSource } from "./run.ts";

/** Compile the kernels into a file; those of `GRADBOOK_FAST` multiply and add in one step. */
export async function buildKernels(outFile: string, fast: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gradbook-kernels-"));
  try {
    cpSync(fileURLToPath(new URL("../assembly", import.meta.url)), folder, { recursive: true });
    writeFileSync(join(folder, "convolution.ts"), convolutionSource());
    writeFileSync(join(folder, "elementwise.ts"), elementwiseSource());
    writeFileSync(join(folder, "gemm.ts"), gemmSource(fast));
    writeFileSync(join(folder, "normalization.ts"), normalizationSource());
    writeFileSync(join(folder, "optimizers.ts"), optimizersSource());
    writeFileSync(join(folder, "recurrentSteps.ts"), recurrentStepsSource());
    writeFileSync(join(folder, "pooling.ts"), poolingSource());
    writeFileSync(join(folder, "run.ts"), runSource());
    const { error, stderr } = await asc.main([
      "index.ts",
      ...["--baseDir", folder, "--outFile", outFile],
      ...["-O3", "--noAssert", "--runtime", "stub"],
      ...["--enable", "simd", "--enable", "threads", "--enable", "bulk-memory"],
      ...(fast ? ["--enable", "relaxed-simd"] : []),
      ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
    ]);
    if (error) throw new Error(`asc: ${stderr.toString() || error.message}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [name, fast] of [
    ["kernels.wasm", false],
    ["kernels.fast.wasm", true],
  ] as const)
    await buildKernels(fileURLToPath(new URL(`../${name}`, import.meta.url)), fast);
