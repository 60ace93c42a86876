import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("trainDigits.ts", import.meta.url));

/** The same on every machine; it changes only when the network, the data or the arithmetic is changed on purpose. */
const expected = "1f6d1030e207f9ddf3499b268bd7a8df7aa67ad059ba2e5d90a7b948d7a7f065";

test.each([
  { GRADBOOK_THREADS: "1", GRADBOOK_SIMD: "128" },
  { GRADBOOK_THREADS: "1", GRADBOOK_SIMD: "256" },
  { GRADBOOK_THREADS: "2", GRADBOOK_SIMD: "128" },
  { GRADBOOK_THREADS: "2", GRADBOOK_SIMD: "256" },
  { GRADBOOK_THREADS: "4", GRADBOOK_SIMD: "256" },
])(
  "the loss curve of 200 steps on digits has the one SHA-256 with %j",
  async (environment) => {
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: { ...process.env, ...environment },
    });
    expect(stdout.trim()).toBe(expected);
  },
  120_000,
);
