import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("trainDigits.ts", import.meta.url));

/** The same on every machine; it changes only when the network, the data or the arithmetic is changed on purpose. */
const expected = "1e93b6b91193b519d02c57d32555c1afcd22f5802108acef8f6a1337a15b45ea";

test.each([
  { GRADBOOK_THREADS: "1", GRADBOOK_SIMD: "128" },
  { GRADBOOK_THREADS: "1", GRADBOOK_SIMD: "256" },
  { GRADBOOK_THREADS: "2", GRADBOOK_SIMD: "128" },
  { GRADBOOK_THREADS: "2", GRADBOOK_SIMD: "256" },
  { GRADBOOK_THREADS: "4", GRADBOOK_SIMD: "256" },
])("the loss curve of 200 steps on digits has the one SHA-256 with %j", async (environment) => {
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    env: { ...process.env, ...environment },
  });
  expect(stdout.trim()).toBe(expected);
});
