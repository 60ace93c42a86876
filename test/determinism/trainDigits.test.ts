import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("trainDigits.ts", import.meta.url));

const hashOf = async (environment: Record<string, string>): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    env: { ...process.env, ...environment },
  });
  return stdout.trim();
};

test("200 steps of a network on digits give the same losses, bit for bit, run after run", async () => {
  const first = await hashOf({});
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(await hashOf({})).toBe(first);
});
