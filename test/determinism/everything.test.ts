import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";

const script = fileURLToPath(new URL("everything.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gradbook-everything-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The same on every machine; it changes only when the script or the arithmetic is changed on purpose. */
const expected = "cbeaec5c4fef3c5033b0a73282af6699362faef2a8a71006e510e0056736b372";

const machine = (threads: number, bits: number): NodeJS.ProcessEnv => ({
  ...process.env,
  GRADBOOK_THREADS: `${threads}`,
  GRADBOOK_SIMD: `${bits}`,
});

async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { env });
  return stdout.trim().split("\n");
}

/** Run it and kill it, without a warning, once it tells of a step. */
function killAt(step: number, path: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, path], { env, stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface(child.stdout);
    lines.on("line", (line) => {
      if (line === String(step)) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("exit", (_code, signal) =>
      signal === "SIGKILL" ? resolve() : reject(new Error(`it ended by itself, ${signal}`)),
    );
  });
}

describe("prefetch, augmentation, dropout, batch normalization, schedule, penalty and callbacks", () => {
  test.each([
    [1, 128],
    [1, 256],
    [2, 128],
    [4, 256],
  ])("give one history and one model, whatever the machine: %d threads, %d bits", async (threads, bits) => {
    const path = join(folder, `${threads}-${bits}.safetensors`);
    const lines = await run([path], machine(threads, bits));
    expect(lines.at(-1)).toBe(expected);
    expect(lines).toHaveLength(46);
  });

  // An epoch has nine steps: in its middle, at its end, at its beginning.
  test.each([
    [23, machine(1, 128), machine(2, 256)],
    [27, machine(4, 256), machine(1, 128)],
    [10, machine(2, 128), machine(4, 128)],
  ])("killed after step %d and resumed on another machine too", async (step, before, after) => {
    const path = join(folder, `killed-${step}.safetensors`);
    await killAt(step, path, before);
    const lines = await run([path, "resume"], after);
    expect(lines.at(-1)).toBe(expected);
    // The last whole checkpoint is of the step before the one under way, if that was not written any more.
    expect(Number(lines[0])).toBeGreaterThanOrEqual(step);
    expect(lines.length).toBe(47 - Number(lines[0]));
  });
}, 120_000);
