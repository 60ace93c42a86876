import { broadcastShapes } from "../../util/shape.ts";
import type { Activation, MakeArray, ProductBackend, RawArray } from "../backend.ts";
import { broadcastStrides, leadingOffsets } from "../view.ts";
import { pointerOf } from "./dispatch.ts";
import { jobs } from "./jobs.ts";
import { kernels, threads, tileColumns } from "./kernels.ts";
import { unaryKinds } from "./kinds.ts";

/** Below so many multiplications waking other threads costs more than it saves. */
const PARALLEL_PRODUCT = 1 << 21;

/** One product: sizes, and where each operand begins and how many bytes lie between its rows and its columns. */
interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export const products = (make: MakeArray): ProductBackend => ({
  matmul(x, y, transposeX, transposeY) {
    const [rows, k] = matrixSizes(x, transposeX);
    const [, n] = matrixSizes(y, transposeY);
    const stacked = x.shape.length > 2 || y.shape.length > 2;
    const leading = stacked ? leadingShape(x, y) : [];
    const out = make([...leading, rows, n], x.dtype);
    // Rows of x that all meet the same y are the rows of one tall matrix.
    const tall = y.shape.length === 2 && !transposeX;
    const m = tall && n > 0 ? out.size / n : rows;
    const product: Product = {
      ...{ m, n, k },
      x: transposeX ? [4, m * 4] : [k * 4, 4],
      y: transposeY ? [4, k * 4] : [n * 4, 4],
    };
    if (k === 0) out.data.fill(0);
    if (out.size === 0 || k === 0) return out;
    if (!stacked || tall) multiply(product, pointerOf(x), pointerOf(y), pointerOf(out));
    else {
      const starts = (array: RawArray): Generator<number, undefined> =>
        leadingOffsets({
          shape: [...leading, 1, 1],
          strides: broadcastStrides(array.shape, [...leading, ...array.shape.slice(-2)]),
          offset: 0,
        });
      const ys = starts(y);
      let to = pointerOf(out);
      for (const start of starts(x)) {
        multiply(product, pointerOf(x) + start * 4, pointerOf(y) + ys.next().value! * 4, to);
        to += m * n * 4;
      }
    }
    return out;
  },

  linear(x, weight, bias, activation) {
    const [m, k] = x.shape;
    const n = weight.shape[1];
    const out = make([m, n], x.dtype);
    if (out.size === 0) return out;
    if (k === 0) out.data.fill(0);
    const product: Product = { m, n, k, x: [k * 4, 4], y: [n * 4, 4] };
    multiply(product, pointerOf(x), pointerOf(weight), pointerOf(out), bias, activation);
    return out;
  },
});

function multiply(
  { m, n, k, x, y }: Product,
  xAt: number,
  yAt: number,
  out: number,
  bias?: RawArray,
  activation?: Activation,
): void {
  const operands = [k, xAt, ...x, yAt, ...y, out, n * 4];
  const finish = [bias ? pointerOf(bias) : 0, activation ? unaryKinds.indexOf(activation) : -1];
  const wide = tileColumns === 16;
  if (m * n * k < PARALLEL_PRODUCT || threads.threads === 1) {
    (wide ? kernels.gemm16 : kernels.gemm8)(0, m, 0, n, ...operands, ...finish, threads.scratch);
    return;
  }
  const { height, width } = chunkOf(m, n);
  const across = Math.ceil(n / width);
  const count = Math.ceil(m / height) * across;
  threads.run(wide ? jobs.gemm16 : jobs.gemm8, [m, n, ...operands, ...finish, height, width, across], count);
}

/** Rows and columns of the matrices that a product sees. */
function matrixSizes({ shape }: RawArray, transpose: boolean): readonly [number, number] {
  const [rows, columns] = [shape[shape.length - 2], shape[shape.length - 1]];
  return transpose ? [columns, rows] : [rows, columns];
}

const leadingShape = (x: RawArray, y: RawArray): readonly number[] =>
  broadcastShapes("matmul", x.shape.slice(0, -2), y.shape.slice(0, -2));

/** A piece of a product big enough to be worth claiming and small enough to spread: whole tiles, wide first. */
function chunkOf(m: number, n: number): { height: number; width: number } {
  const pieces = threads.threads * 2;
  const width = Math.min(n, Math.max(64, Math.ceil(n / pieces / 16) * 16));
  const down = Math.max(1, Math.ceil(pieces / Math.ceil(n / width)));
  return { width, height: Math.min(m, Math.max(20, Math.ceil(m / down / 5) * 5)) };
}
