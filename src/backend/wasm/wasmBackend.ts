import { broadcastShapes, type Shape, sizeOf } from "../../util/shape.ts";
import type {
  AdamStep,
  Backend,
  BinaryKind,
  DType,
  RawArray,
  ReduceKind,
  UnaryKind,
  View,
} from "../backend.ts";
import { broadcastStrides, leadingOffsets, offsets } from "../view.ts";
import { binaryKinds, reduceKinds, unaryKinds } from "./kinds.ts";
import { jobs, kernels, simd, threads } from "./kernels.ts";
import { WasmArray } from "./wasmArray.ts";

/** Elements of an elementwise chunk: 64 KiB an operand. */
const CHUNK = 16384;
/** Below so many elements, or multiplications of a product, waking other threads costs more than it saves. */
const PARALLEL_ELEMENTS = 4 * CHUNK;
const PARALLEL_PRODUCT = 1 << 21;
const MAXIMUM_JOB_CHUNKS = 2048;

const pointerOf = (array: RawArray): number => (array as WasmArray).pointer;

/** float32 on WebAssembly with SIMD and threads. int32 and uint8 arrays live in the same memory. */
class WasmBackend implements Backend {
  readonly name = "wasm";

  empty(shape: Shape, dtype: DType): RawArray {
    if (dtype === "float64")
      throw new TypeError("the WebAssembly backend has no float64; it is the reference's");
    return new WasmArray(this, shape, dtype);
  }

  from(data: ArrayLike<number>, shape: Shape, dtype: DType): RawArray {
    const array = this.empty(shape, dtype);
    array.data.set(data);
    return array;
  }

  fill(x: RawArray, value: number): void {
    x.data.fill(value);
  }

  reshape(x: RawArray, shape: Shape): RawArray {
    return (x as WasmArray).reshaped(shape);
  }

  gather(x: RawArray, view: View): RawArray {
    const out = this.empty(view.shape, x.dtype);
    if (x.dtype === "uint8") return copyBytes(x, view, out);
    const { rows, columns, rowStride, columnStride } = matrixOf(view);
    let to = pointerOf(out);
    for (const offset of leadingOffsets(view)) {
      kernels.gather4(pointerOf(x) + offset * 4, rowStride, columnStride, to, rows, columns);
      to += rows * columns * 4;
    }
    return out;
  }

  scatter(x: RawArray, view: View, shape: Shape): RawArray {
    const out = this.empty(shape, x.dtype);
    this.fill(out, 0);
    const { rows, columns, rowStride, columnStride } = matrixOf(view);
    let from = pointerOf(x);
    for (const offset of leadingOffsets(view)) {
      kernels.scatter4(from, pointerOf(out) + offset * 4, rowStride, columnStride, rows, columns);
      from += rows * columns * 4;
    }
    return out;
  }

  unary(kind: UnaryKind, x: RawArray): RawArray {
    const out = this.empty(x.shape, x.dtype);
    const code = unaryKinds.indexOf(kind);
    if (x.size < PARALLEL_ELEMENTS) kernels.unary(code, pointerOf(x), pointerOf(out), x.size);
    else this.#elementwise(jobs.unary, x.size, [code, pointerOf(x), pointerOf(out)]);
    return out;
  }

  binary(kind: BinaryKind, x: RawArray, y: RawArray): RawArray {
    const shape = broadcastShapes(kind, x.shape, y.shape);
    const out = this.empty(shape, x.dtype);
    const code = binaryKinds.indexOf(kind);
    // An operand moves along the result element by element, stays put as one number, or does neither.
    const xMoves = x.size === out.size;
    const yMoves = y.size === out.size;
    if ((xMoves || x.size === 1) && (yMoves || y.size === 1)) {
      const [xStep, yStep] = [xMoves ? 4 : 0, yMoves ? 4 : 0];
      if (out.size < PARALLEL_ELEMENTS)
        kernels.binary(code, pointerOf(x), 0, xStep, pointerOf(y), 0, yStep, pointerOf(out), 1, out.size);
      else
        this.#elementwise(jobs.binary, out.size, [
          code,
          pointerOf(x),
          xStep,
          pointerOf(y),
          yStep,
          pointerOf(out),
        ]);
    } else broadcast(code, x, y, out);
    return out;
  }

  reduce(
    kind: ReduceKind,
    x: RawArray,
    outer: number,
    length: number,
    inner: number,
    shape: Shape,
  ): RawArray {
    const out = this.empty(shape, x.dtype);
    kernels.reduce(reduceKinds.indexOf(kind), pointerOf(x), pointerOf(out), outer, length, inner);
    return out;
  }

  argmax(x: RawArray, outer: number, length: number, inner: number, shape: Shape): RawArray {
    const out = this.empty(shape, "int32");
    kernels.argmax(pointerOf(x), pointerOf(out), outer, length, inner);
    return out;
  }

  matmul(x: RawArray, y: RawArray, transposeX: boolean, transposeY: boolean): RawArray {
    const [m, k] = transposeX ? [x.shape[1], x.shape[0]] : x.shape;
    const n = transposeY ? y.shape[0] : y.shape[1];
    const out = this.empty([m, n], x.dtype);
    if (k === 0) this.fill(out, 0);
    if (out.size === 0 || k === 0) return out;
    const [xRow, xColumn] = transposeX ? [4, m * 4] : [k * 4, 4];
    const [yRow, yColumn] = transposeY ? [4, k * 4] : [n * 4, 4];
    const operands = [k, pointerOf(x), xRow, xColumn, pointerOf(y), yRow, yColumn, pointerOf(out), n * 4];
    const wide = simd === 256;
    if (m * n * k < PARALLEL_PRODUCT || threads.threads === 1) {
      (wide ? kernels.gemm16 : kernels.gemm8)(0, m, 0, n, ...operands, threads.scratch);
    } else {
      const { height, width } = chunkOf(m, n);
      const across = Math.ceil(n / width);
      const count = Math.ceil(m / height) * across;
      threads.run(wide ? jobs.gemm16 : jobs.gemm8, [m, n, ...operands, height, width, across], count);
    }
    return out;
  }

  linear(x: RawArray, weight: RawArray, bias: RawArray): RawArray {
    const out = this.matmul(x, weight, false, false);
    const [rows, columns] = out.shape;
    const at = pointerOf(out);
    kernels.binary(binaryKinds.indexOf("add"), at, columns * 4, 4, pointerOf(bias), 0, 4, at, rows, columns);
    return out;
  }

  softmax(x: RawArray): RawArray {
    const out = this.empty(x.shape, x.dtype);
    kernels.softmax(pointerOf(x), pointerOf(out), ...rowsOf(x));
    return out;
  }

  logSoftmax(x: RawArray): RawArray {
    const out = this.empty(x.shape, x.dtype);
    kernels.logSoftmax(pointerOf(x), pointerOf(out), ...rowsOf(x));
    return out;
  }

  crossEntropy(logits: RawArray, labels: RawArray): RawArray {
    const [rows, columns] = rowsOf(logits);
    const out = this.empty([rows], logits.dtype);
    const row = this.empty([columns], logits.dtype);
    kernels.crossEntropy(pointerOf(logits), pointerOf(labels), pointerOf(out), rows, columns, pointerOf(row));
    row.release("crossEntropy");
    return out;
  }

  crossEntropyGradient(gradient: RawArray, logits: RawArray, labels: RawArray): RawArray {
    const out = this.empty(logits.shape, logits.dtype);
    const [from, at, label] = [pointerOf(gradient), pointerOf(logits), pointerOf(labels)];
    kernels.crossEntropyGradient(from, at, label, pointerOf(out), ...rowsOf(logits));
    return out;
  }

  sgdStep(w: RawArray, g: RawArray, { learningRate }: { learningRate: number }): void {
    this.#elementwise(jobs.sgdStep, w.size, [pointerOf(w), pointerOf(g), learningRate]);
  }

  momentumStep(
    w: RawArray,
    g: RawArray,
    m: RawArray,
    step: { learningRate: number; momentum: number },
  ): void {
    const args = [pointerOf(w), pointerOf(g), pointerOf(m), step.learningRate, step.momentum];
    this.#elementwise(jobs.momentumStep, w.size, args);
  }

  adamStep(w: RawArray, g: RawArray, m: RawArray, v: RawArray, step: AdamStep): void {
    const { learningRate, beta1, beta2, correction1, correction2, epsilon, epsilonInside } = step;
    const state = [pointerOf(w), pointerOf(g), pointerOf(m), pointerOf(v)];
    const rates = [learningRate, beta1, 1 - beta1, beta2, 1 - beta2];
    const rest = [correction1, correction2, epsilonInside ? epsilon : 0, epsilonInside ? 0 : epsilon];
    this.#elementwise(jobs.adamStep, w.size, [...state, ...rates, ...rest]);
  }

  #elementwise(job: number, size: number, args: number[]): void {
    if (size === 0) return;
    const shared = Math.max(CHUNK, Math.ceil(size / MAXIMUM_JOB_CHUNKS / 16) * 16);
    const chunk = size < PARALLEL_ELEMENTS ? size : shared;
    threads.run(job, [size, chunk, ...args], Math.ceil(size / chunk));
  }
}

/** A piece of a product big enough to be worth claiming and small enough to spread: whole tiles, wide first. */
function chunkOf(m: number, n: number): { height: number; width: number } {
  const pieces = threads.threads * 2;
  const width = Math.min(n, Math.max(64, Math.ceil(n / pieces / 16) * 16));
  const down = Math.max(1, Math.ceil(pieces / Math.ceil(n / width)));
  return { width, height: Math.min(m, Math.max(20, Math.ceil(m / down / 5) * 5)) };
}

/** Rows and columns of an array whose last axis is a row. */
function rowsOf(x: RawArray): [number, number] {
  return [sizeOf(x.shape.slice(0, -1)), x.shape[x.shape.length - 1]];
}

/** The last two axes of a view; missing ones have size 1. */
function matrixOf({ shape, strides }: View): {
  rows: number;
  columns: number;
  rowStride: number;
  columnStride: number;
} {
  const last = shape.length - 1;
  return {
    rows: shape[last - 1] ?? 1,
    columns: shape[last] ?? 1,
    rowStride: strides[last - 1] ?? 0,
    columnStride: strides[last] ?? 1,
  };
}

function copyBytes(x: RawArray, view: View, out: RawArray): RawArray {
  const [from, to] = [x.data, out.data];
  let index = 0;
  for (const offset of offsets(view)) to[index++] = from[offset];
  return out;
}

/** The general case, of two axes or more: a matrix at a time, each operand with its own strides. */
function broadcast(code: number, x: RawArray, y: RawArray, out: RawArray): void {
  const { shape } = out;
  const left = { shape, strides: broadcastStrides(x.shape, shape), offset: 0 };
  const right = { shape, strides: broadcastStrides(y.shape, shape), offset: 0 };
  const last = shape.length - 1;
  const [rows, columns] = [shape[last - 1], shape[last]];
  const [xRow, xColumn] = [left.strides[last - 1] * 4, left.strides[last] * 4];
  const [yRow, yColumn] = [right.strides[last - 1] * 4, right.strides[last] * 4];
  const rightOffsets = leadingOffsets(right);
  let to = pointerOf(out);
  for (const offset of leadingOffsets(left)) {
    const [xAt, yAt] = [pointerOf(x) + offset * 4, pointerOf(y) + rightOffsets.next().value! * 4];
    kernels.binary(code, xAt, xRow, xColumn, yAt, yRow, yColumn, to, rows, columns);
    to += rows * columns * 4;
  }
}

export const wasm: Backend = new WasmBackend();
