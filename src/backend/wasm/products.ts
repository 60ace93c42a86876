import type { MakeArray, ProductBackend, RawArray } from "../backend.ts";
import { pointerOf } from "./dispatch.ts";
import { jobs } from "./jobs.ts";
import { kernels, threads, tileColumns } from "./kernels.ts";
import { binaryKinds } from "./kinds.ts";

/** Below so many multiplications waking other threads costs more than it saves. */
const PARALLEL_PRODUCT = 1 << 21;

export const products = (make: MakeArray): ProductBackend => {
  const matmul = (x: RawArray, y: RawArray, transposeX: boolean, transposeY: boolean): RawArray => {
    const [m, k] = transposeX ? [x.shape[1], x.shape[0]] : x.shape;
    const n = transposeY ? y.shape[0] : y.shape[1];
    const out = make([m, n], x.dtype);
    if (k === 0) out.data.fill(0);
    if (out.size === 0 || k === 0) return out;
    const [xRow, xColumn] = transposeX ? [4, m * 4] : [k * 4, 4];
    const [yRow, yColumn] = transposeY ? [4, k * 4] : [n * 4, 4];
    const operands = [k, pointerOf(x), xRow, xColumn, pointerOf(y), yRow, yColumn, pointerOf(out), n * 4];
    const wide = tileColumns === 16;
    if (m * n * k < PARALLEL_PRODUCT || threads.threads === 1) {
      (wide ? kernels.gemm16 : kernels.gemm8)(0, m, 0, n, ...operands, threads.scratch);
    } else {
      const { height, width } = chunkOf(m, n);
      const across = Math.ceil(n / width);
      const count = Math.ceil(m / height) * across;
      threads.run(wide ? jobs.gemm16 : jobs.gemm8, [m, n, ...operands, height, width, across], count);
    }
    return out;
  };
  return {
    matmul,

    linear(x, weight, bias) {
      const out = matmul(x, weight, false, false);
      const [rows, columns] = out.shape;
      const at = pointerOf(out);
      kernels.binary(
        binaryKinds.indexOf("add"),
        at,
        columns * 4,
        4,
        pointerOf(bias),
        0,
        4,
        at,
        rows,
        columns,
      );
      return out;
    },
  };
};

/** A piece of a product big enough to be worth claiming and small enough to spread: whole tiles, wide first. */
function chunkOf(m: number, n: number): { height: number; width: number } {
  const pieces = threads.threads * 2;
  const width = Math.min(n, Math.max(64, Math.ceil(n / pieces / 16) * 16));
  const down = Math.max(1, Math.ceil(pieces / Math.ceil(n / width)));
  return { width, height: Math.min(m, Math.max(20, Math.ceil(m / down / 5) * 5)) };
}
