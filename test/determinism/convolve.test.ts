import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("convolve.ts", import.meta.url));

test("convolution and pooling give the same bits on 1, 2 and 4 threads, at 128 and 256 bits, with either tile", async () => {
  const machines = [
    { GRADBOOK_THREADS: "1", GRADBOOK_SIMD: "256", GRADBOOK_TILE: "16" },
    { GRADBOOK_THREADS: "2", GRADBOOK_SIMD: "128", GRADBOOK_TILE: "8" },
    { GRADBOOK_THREADS: "4", GRADBOOK_SIMD: "256", GRADBOOK_TILE: "8" },
    { GRADBOOK_THREADS: "4", GRADBOOK_SIMD: "128", GRADBOOK_TILE: "16" },
  ];
  const hashes = new Set<string>();
  for (const machine of machines) {
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: { ...process.env, ...machine },
    });
    expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
    hashes.add(stdout);
  }
  expect(hashes.size).toBe(1);
}, 120_000);
