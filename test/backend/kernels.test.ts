import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { buildKernels } from "../../src/backend/wasm/generate/build.ts";
import type { Kernels } from "../../src/backend/wasm/kernelExports.ts";
import { kernels } from "../../src/backend/wasm/kernels.ts";
import { usage } from "../../src/backend/wasm/memory.ts";
import { selfTest } from "../../src/backend/wasm/selfTest.ts";

// A compilation with all optimizations: seconds, and a minute on a machine that is busy otherwise.
test("the committed kernels.wasm is what its sources build", { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "gradbook-test-"));
  try {
    const built = join(folder, "kernels.wasm");
    await buildKernels(built);
    const committed = fileURLToPath(new URL("../../src/backend/wasm/kernels.wasm", import.meta.url));
    expect(readFileSync(built).equals(readFileSync(committed))).toBe(true);
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

  test("other values are refused by name", () => {
    expect(load({ GRADBOOK_SIMD: "512" })).toContain('GRADBOOK_SIMD must be 128 or 256, got "512"');
    expect(load({ GRADBOOK_THREADS: "0" })).toContain(
      'GRADBOOK_THREADS must be an integer from 1 to 48, got "0"',
    );
  });
});
