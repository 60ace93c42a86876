import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import hashes from "./hashes.json" with { type: "json" };

const script = fileURLToPath(new URL("train.ts", import.meta.url));

const own = [1, 2, 4].flatMap((threads) => [
  { threads, bits: 128, tile: 8 },
  { threads, bits: 256, tile: 16 },
]);
const otherTiles = [
  { threads: 2, bits: 128, tile: 16 },
  { threads: 2, bits: 256, tile: 8 },
];

/**
 * hashes.json is the same on every machine. It changes only when a model of the benchmark or the arithmetic is changed on
 * purpose; then `npm run bench -- --determinism` prints what belongs there.
 */
test.each([...own, ...otherTiles])(
  "T1, T2 and T3 train to their SHA-256 with $threads threads, $bits bits, $tile columns a tile",
  async ({ threads, bits, tile }) => {
    const machine = {
      GRADBOOK_THREADS: `${threads}`,
      GRADBOOK_SIMD: `${bits}`,
      GRADBOOK_TILE: `${tile}`,
    };
    const { stdout } = await promisify(execFile)(process.execPath, [script, "T1=200", "T2=200", "T3=20"], {
      env: { ...process.env, ...machine },
    });
    const [, T1, T2, T3] = stdout.trim().split("\n");
    expect({ T1, T2, T3 }).toEqual({ T1: hashes.T1[200], T2: hashes.T2[200], T3: hashes.T3[20] });
  },
  120_000,
);
