import { broadcastShapes } from "../../util/shape.ts";
import type { Activation, MakeArray, ProductBackend, RawArray } from "../backend.ts";
import { broadcastStrides, leadingOffsets } from "../view.ts";
import { pointerOf } from "./dispatch.ts";
import { jobs } from "./jobs.ts";
import { kernels, threads, tileColumns } from "./kernels.ts";
import { unaryKinds } from "./kinds.ts";

/** Below so many multiplications waking other threads costs more than it saves. */
const PARALLEL_PRODUCT = 1 << 21;
/** From here on a product is worth cutting finer. */
const LONG_PRODUCT = 1 << 26;

/** One product: sizes, and how many bytes lie between an operand's rows and columns as the product sees them. */
interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly xRow: number;
  readonly xColumn: number;
  readonly yRow: number;
  readonly yColumn: number;
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
      ...{ xRow: transposeX ? 4 : k * 4, xColumn: transposeX ? m * 4 : 4 },
      ...{ yRow: transposeY ? 4 : n * 4, yColumn: transposeY ? k * 4 : 4 },
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
    const [m, width] = x.shape;
    const [k, n] = weight.shape;
    const out = make([m, n], x.dtype);
    if (out.size === 0) return out;
    if (k === 0) out.data.fill(0);
    const product: Product = { m, n, k, xRow: width * 4, xColumn: 4, yRow: n * 4, yColumn: 4 };
    multiply(product, pointerOf(x), pointerOf(weight), pointerOf(out), bias, activation);
    return out;
  },
});

function multiply(
  { m, n, k, xRow, xColumn, yRow, yColumn }: Product,
  x: number,
  y: number,
  out: number,
  bias?: RawArray,
  activation?: Activation,
): void {
  const wide = tileColumns === 16;
  const outRow = n * 4;
  const add = bias ? pointerOf(bias) : 0;
  const apply = activation ? unaryKinds.indexOf(activation) : -1;
  if (m * n * k < PARALLEL_PRODUCT || threads.threads === 1) {
    const gemm = wide ? kernels.gemm16 : kernels.gemm8;
    gemm(0, m, 0, n, k, x, xRow, xColumn, y, yRow, yColumn, out, outRow, add, apply, threads.scratch);
    return;
  }
  const { height, width, across, down } = chunksOf(m, n, k);
  const operands = [x, xRow, xColumn, y, yRow, yColumn, out, outRow];
  threads.run(
    wide ? jobs.gemm16 : jobs.gemm8,
    [m, n, k, ...operands, add, apply, height, width, across],
    across * down,
  );
}

/** Rows and columns of the matrices that a product sees. */
function matrixSizes({ shape }: RawArray, transpose: boolean): readonly [number, number] {
  const [rows, columns] = [shape[shape.length - 2], shape[shape.length - 1]];
  return transpose ? [columns, rows] : [rows, columns];
}

const leadingShape = (x: RawArray, y: RawArray): readonly number[] =>
  broadcastShapes("matmul", x.shape.slice(0, -2), y.shape.slice(0, -2));

interface Chunks {
  readonly height: number;
  readonly width: number;
  readonly across: number;
  readonly down: number;
}

/**
 * How a product is cut into chunks of whole tiles, about two a thread and four of a long one, so that a thread that
 * loses its core holds up little. Each chunk packs its rows of x and its columns of y anew, so among the ways to cut,
 * the one that packs least is taken.
 */
function chunksOf(m: number, n: number, k: number): Chunks {
  const pieces = threads.threads * (m * n * k < LONG_PRODUCT ? 2 : 4);
  let best: Chunks | undefined;
  let least = Infinity;
  for (let columns = 1; columns <= pieces; columns++) {
    const width = Math.ceil(n / columns / 16) * 16;
    const height = Math.ceil(m / Math.ceil(pieces / columns) / 5) * 5;
    const [across, down] = [Math.ceil(n / width), Math.ceil(m / height)];
    // Fewer chunks than threads leave some idle: that costs more than any packing.
    const packed = (across * m + down * n) * (across * down < threads.threads ? m * n : 1);
    if (packed >= least) continue;
    least = packed;
    best = { height, width, across, down };
  }
  return best!;
}
