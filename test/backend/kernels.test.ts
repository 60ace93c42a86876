import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { buildKernels } from "../../src/backend/wasm/generate/build.ts";
import type { Kernels } from "../../src/backend/wasm/kernelExports.ts";
import { kernels } from "../../src/backend/wasm/kernels.ts";
import { memory, usage } from "../../src/backend/wasm/memory.ts";
import { selfTest } from "../../src/backend/wasm/selfTest.ts";

// A compilation with all optimizations: seconds, and a minute on a machine that is busy otherwise.
test.each([
  ["kernels.wasm", false],
  ["kernels.fast.wasm", true],
])("the committed %s is what its sources build", { timeout: 180_000 }, async (name, fast) => {
  const folder = mkdtempSync(join(tmpdir(), "gradbook-test-"));
  try {
    const built = join(folder, name);
    await buildKernels(built, fast);
    const committed = fileURLToPath(new URL(`../../src/backend/wasm/${name}`, import.meta.url));
    expect(readFileSync(built).equals(readFileSync(committed)), "npm run build:wasm builds it").toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("the self-test", () => {
  test("passes at both widths, and gives its memory back", () => {
    const before = usage();
    expect(selfTest(kernels, 128)).toBeUndefined();
    expect(selfTest(kernels, 256)).toBeUndefined();
    expect(usage()).toEqual(before);
  });

  test("finds a product that is wrong in one bit, and a wrong elementwise kernel", () => {
    const wrongProduct = {
      ...kernels,
      gemm8: (...args: number[]) => kernels.gemm8(...args.with(4, args[4] - 1)),
    };
    expect(selfTest(wrongProduct, 128)).toBe("gemm");
    const wrongBinary = {
      ...kernels,
      binary: (...args: number[]) => kernels.binary(...args.with(0, args[0] - 1)),
    };
    expect(selfTest(wrongBinary, 256)).toBe("binary");
  });

  test("finds a recurrent cell that is wrong in its weights", () => {
    const misplaced: Kernels = {
      ...kernels,
      packPanels: (...args: number[]) => kernels.packPanels(...args.with(1, args[1] + 4)),
    };
    for (const bits of [128, 256] as const) expect(selfTest(misplaced, bits)).toBe("recur");
  });

  test("finds a convolution that is wrong in its weights, and wrong gradients of the weights", () => {
    const misplaced = (unpack: number): Kernels => ({
      ...kernels,
      packWeights: (...args: number[]) =>
        kernels.packWeights(...(args[0] === unpack ? args.with(11, args[11] + 4) : args)),
    });
    for (const bits of [128, 256] as const) {
      expect(selfTest(misplaced(0), bits)).toBe("convolve");
      expect(selfTest(misplaced(1), bits)).toBe("correlate");
    }
  });
});

test("a fused product may differ in its last bits, and no more", () => {
  const shifted = (by: number): typeof kernels => ({
    ...kernels,
    gemm16: (...args: number[]) => {
      kernels.gemm16(...args);
      new Float32Array(memory.buffer, args[11], 1)[0] += by;
    },
  });
  expect(selfTest(shifted(4e-6), 256)).toBe("gemm");
  expect(selfTest(shifted(4e-6), 256, true)).toBeUndefined();
  expect(selfTest(shifted(4e-4), 256, true)).toBe("gemm");
  expect(selfTest(shifted(NaN), 256, true)).toBe("gemm");
});

describe("the environment", () => {
  const load = (variables: Record<string, string>): string => {
    const script = `const { simd, threads } = await import(${JSON.stringify(
      new URL("../../src/backend/wasm/kernels.ts", import.meta.url).href,
    )}); process.stdout.write(simd + " bits, " + threads.threads + " threads");`;
    try {
      return execFileSync(process.execPath, ["--input-type=module", "-e", script], {
        env: { ...process.env, ...variables },
        stdio: ["ignore", "pipe", "pipe"],
        encoding: "utf8",
      });
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
  };

  test("GRADBOOK_SIMD and GRADBOOK_THREADS choose", () => {
    expect(load({ GRADBOOK_SIMD: "128", GRADBOOK_THREADS: "3" })).toBe("128 bits, 3 threads");
  });

  test("GRADBOOK_FAST adds products unrounded where the processor can, and only when asked", () => {
    // −(1 + 2⁻¹¹) + (1 + 2⁻¹²)²: the square rounds to 1 + 2⁻¹¹, and keeps 2⁻²⁴ more where it does not round.
    const script = `const { wasm } = await import(${JSON.stringify(
      new URL("../../src/backend/wasm/wasmBackend.ts", import.meta.url).href,
    )});
      const row = wasm.from([-1, 1 + 2 ** -12], [1, 2], "float32");
      const column = wasm.from([1 + 2 ** -11, 1 + 2 ** -12], [2, 1], "float32");
      process.stdout.write(String(wasm.matmul(row, column, false, false).data[0]));`;
    const result = (fast: string): number =>
      Number(
        execFileSync(process.execPath, ["--input-type=module", "-e", script], {
          env: { ...process.env, GRADBOOK_FAST: fast },
          encoding: "utf8",
        }),
      );
    expect(result("0")).toBe(0);
    expect([0, 2 ** -24]).toContain(result("1"));
  });

  test("other values are refused by name", () => {
    expect(load({ GRADBOOK_SIMD: "512" })).toContain('GRADBOOK_SIMD must be 128 or 256, got "512"');
    expect(load({ GRADBOOK_FAST: "yes" })).toContain('GRADBOOK_FAST must be 0 or 1, got "yes"');
    expect(load({ GRADBOOK_THREADS: "0" })).toContain(
      'GRADBOOK_THREADS must be an integer from 1 to 48, got "0"',
    );
  });
});
