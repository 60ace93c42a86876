import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("recurrentCells.ts", import.meta.url));

async function run(threads: number, bits: number): Promise<string> {
  const env = { ...process.env, GRADBOOK_THREADS: `${threads}`, GRADBOOK_SIMD: `${bits}` };
  return (await promisify(execFile)(process.execPath, [script], { env })).stdout;
}

test("recurrent cells give the same bits on 1, 2 and 4 threads, at 128 and 256 bits", async () => {
  const expected = await run(1, 128);
  expect(expected.trim().split("\n")).toHaveLength(3);
  for (const [threads, bits] of [
    [1, 256],
    [2, 128],
    [2, 256],
    [4, 128],
    [4, 256],
  ])
    expect(await run(threads, bits), `${threads} threads, ${bits} bits`).toBe(expected);
}, 120_000);
