import { setFlagsFromString } from "node:v8";

/** As many chains as hide the latency of a product and a sum, and still fit the registers. */
const CHAINS = 12;
const ROUNDS = 100_000;

/** Floating-point operations in one step of `peak`. */
export const peakOperations = (bits: 128 | 256): number => 2 * ROUNDS * CHAINS * (bits / 32);

/**
 * What one core can do at most in WebAssembly: products and sums in registers, never fused, no memory in the way.
 * At 256 bits each chain is a pair of vectors that V8 joins.
 */
export async function peak(bits: 128 | 256): Promise<() => void> {
  // Loaded only here: the compiler is large, and the other tasks should not share a process with it.
  const { default: asc } = await import("assemblyscript/asc");
  const { binary, stderr } = await asc.compileString(source(bits / 128), {
    optimizeLevel: 3,
    runtime: "stub",
    enable: ["simd"],
    importMemory: true,
    initialMemory: 1,
  });
  if (!binary) throw new Error(`asc: ${stderr.toString()}`);
  setFlagsFromString("--no-liftoff");
  if (bits === 256) setFlagsFromString("--experimental-wasm-revectorize");
  const memory = new WebAssembly.Memory({ initial: 1 });
  new Float32Array(memory.buffer).fill(0.5); // c ← 0.5c + 0.5 ends at 1, far from denormals
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(binary.slice()), { env: { memory } })
    .exports;
  return () => (run as (at: number, rounds: number) => void)(1024, ROUNDS);
}

/** AssemblyScript: c ← cx + y in every chain, a chain being one vector or two side by side. */
function source(vectors: number): string {
  const lines = (count: number, line: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => line(i)).join("\n");
  const chains = (line: (i: number) => string): string => lines(CHAINS * vectors, line);
  return `
export function run(at: usize, rounds: i32): void {
  ${lines(vectors, (j) => `const x${j} = v128.load(at, ${16 * j});`)}
  ${lines(vectors, (j) => `const y${j} = v128.load(at, ${32 + 16 * j});`)}
  ${chains((i) => `let c${i} = v128.load(at, ${64 + 16 * i});`)}
  do {
    ${chains((i) => `c${i} = f32x4.add(f32x4.mul(c${i}, x${i % vectors}), y${i % vectors});`)}
  } while (--rounds);
  ${chains((i) => `v128.store(at, c${i}, ${64 + 16 * i});`)}
}`;
}
