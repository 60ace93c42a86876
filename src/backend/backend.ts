import type { Shape } from "../util/shape.ts";

/** float32 computes on WebAssembly; float64 exists on the reference backend; the integers hold labels and bytes. */
export type DType = "float32" | "float64" | "int32" | "uint8";
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

export type UnaryKind = "neg" | "abs" | "sign" | "exp" | "log" | "sqrt" | "relu" | "sigmoid" | "tanh";

/** The comparisons give 1 or 0. The `…Gradient` kinds take (gradient of the output, output) of the named function. */
export type BinaryKind =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "maximum"
  | "minimum"
  | "greater"
  | "greaterEqual"
  | "equal"
  | "reluGradient"
  | "sigmoidGradient"
  | "tanhGradient";

export type ReduceKind = "sum" | "max" | "min";

/**
 * What the scope an array was made in does with it at its end: frees it, hands it to the scope around, or leaves it
 * alone. A field of the array, since a set of arrays costs more than most of the arithmetic on small ones.
 */
export type Fate = "freed" | "returned" | "kept";

/** A dense, row-major array on one backend. */
export interface RawArray {
  readonly backend: Backend;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly size: number;
  /** The elements themselves, not a copy. Valid until the array is released or the next array is made. */
  readonly data: TypedArray;
  /** True once its memory has been given back. */
  readonly released: boolean;
  /** Give the memory back; `by` says who did, for the error of whoever reads it afterwards. Idempotent. */
  release(by: string): void;
  /** No scope frees it any more: should nobody release it, the garbage collector's end of it does. Idempotent. */
  watch(): void;
  /** Read and written by lifetime.ts alone. */
  fate: Fate;
}

/** A window on a dense array: element (i, j, …) lies at offset + i·strides[0] + j·strides[1] + … */
export interface View {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

export interface SgdStep {
  readonly learningRate: number;
}

export interface MomentumStep {
  readonly learningRate: number;
  readonly momentum: number;
}

export interface AdamStep {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** ε inside the root (the course) or outside (the paper). */
  readonly epsilonInside: boolean;
  /** 1 − β₁ᵗ and 1 − β₂ᵗ. */
  readonly correction1: number;
  readonly correction2: number;
}

/** How the files of a backend make their results. */
export type MakeArray = (shape: Shape, dtype: DType) => RawArray;

export interface ArrayBackend {
  empty: MakeArray;
  from(data: ArrayLike<number>, shape: Shape, dtype: DType): RawArray;
  fill(x: RawArray, value: number): void;
  /** The same elements under another shape, sharing memory. */
  reshape(x: RawArray, shape: Shape): RawArray;
  /** The elements seen through a view, as a new dense array. */
  gather(x: RawArray, view: View): RawArray;
  /** Zeros of `shape` with x written through a view: what `gather` does, undone. */
  scatter(x: RawArray, view: View, shape: Shape): RawArray;
}

export interface ElementwiseBackend {
  unary(kind: UnaryKind, x: RawArray): RawArray;
  binary(kind: BinaryKind, x: RawArray, y: RawArray): RawArray;
}

export interface ReductionBackend {
  /** Reduce the middle of [outer, length, inner] to [outer · inner] elements, given the shape of the result. */
  reduce(kind: ReduceKind, x: RawArray, outer: number, length: number, inner: number, shape: Shape): RawArray;
  /** The index of the first greatest element, as int32; a NaN counts as greatest. */
  argmax(x: RawArray, outer: number, length: number, inner: number, shape: Shape): RawArray;
}

export interface ProductBackend {
  /** [m, k] @ [k, n]; a transposed operand is stored as [k, m] or [n, k] and read without a copy. */
  matmul(x: RawArray, y: RawArray, transposeX: boolean, transposeY: boolean): RawArray;
  /** x[m, k] @ weight[k, n] + bias[n]. */
  linear(x: RawArray, weight: RawArray, bias: RawArray): RawArray;
}

/** Over the last axis. */
export interface SoftmaxBackend {
  softmax(x: RawArray): RawArray;
  logSoftmax(x: RawArray): RawArray;
  /** −log softmax(logits)[label], per row. */
  crossEntropy(logits: RawArray, labels: RawArray): RawArray;
  /** gradient[row] · (softmax(logits) − oneHot(label)). */
  crossEntropyGradient(gradient: RawArray, logits: RawArray, labels: RawArray): RawArray;
}

export interface OptimizerBackend {
  /** w ← w − ηg. */
  sgdStep(w: RawArray, g: RawArray, step: SgdStep): void;
  /** M ← αM − ηg, w ← w + M. */
  momentumStep(w: RawArray, g: RawArray, m: RawArray, step: MomentumStep): void;
  /** m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − η m̂/√(v̂+ε) or w − η m̂/(√v̂+ε). */
  adamStep(w: RawArray, g: RawArray, m: RawArray, v: RawArray, step: AdamStep): void;
}

/**
 * What computes. Two exist: WebAssembly, fast, and the reference, plain and obvious, which is the other's oracle.
 * Rules both keep, so that one seed gives one result: a product is rounded before it is added; a matrix product
 * sums over k in order; other sums go through `summation.ts`; work is never divided along a sum.
 * Shapes are checked before they get here. Each family stands in a file of its own in `reference/` and `wasm/`.
 */
export interface Backend
  extends
    ArrayBackend,
    ElementwiseBackend,
    ReductionBackend,
    ProductBackend,
    SoftmaxBackend,
    OptimizerBackend {
  readonly name: "wasm" | "reference";
}
