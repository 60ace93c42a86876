import type { Shape } from "../util/shape.ts";
import type { Pair, Window } from "./window.ts";

/** float32 computes on WebAssembly; float64 exists on the reference backend; the integers hold labels and bytes. */
export type DType = "float32" | "float64" | "int32" | "uint8";
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

export type UnaryKind =
  | "neg"
  | "abs"
  | "sign"
  | "exp"
  | "log"
  | "log1p"
  | "sqrt"
  | "sin"
  | "cos"
  | "relu"
  | "sigmoid"
  | "tanh"
  | "softplus";

/**
 * The comparisons give 1 or 0. `leakyRelu` takes (x, slope), and `leakyReluSlope` is its derivative. The `…Gradient`
 * kinds take (gradient of the output, output) of the named function.
 */
export type BinaryKind =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "pow"
  | "maximum"
  | "minimum"
  | "greater"
  | "greaterEqual"
  | "equal"
  | "notEqual"
  | "leakyRelu"
  | "leakyReluSlope"
  | "squaredDifference"
  | "reluGradient"
  | "sigmoidGradient"
  | "tanhGradient";

/** Functions that a layer can apply to its result while it is still in the cache. */
export type Activation = Extract<UnaryKind, "relu" | "sigmoid" | "tanh">;

export type ReduceKind = "sum" | "max" | "min";
export type ExtremeKind = Exclude<ReduceKind, "sum">;

export type PoolKind = "max" | "sum" | "average";

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
  readonly weightDecay: number;
}

export interface MomentumStep extends SgdStep {
  readonly momentum: number;
}

/** ε inside the root (the course) or outside (most papers). */
export interface EpsilonStep {
  readonly epsilon: number;
  readonly epsilonInside: boolean;
}

export interface AdaGradStep extends EpsilonStep {
  readonly learningRate: number;
}

export interface RmsPropStep extends AdaGradStep {
  readonly decay: number;
}

export interface AdaDeltaStep extends EpsilonStep {
  readonly decay: number;
}

export interface AdamStep extends EpsilonStep {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** 1 − β₁ᵗ and 1 − β₂ᵗ. */
  readonly correction1: number;
  readonly correction2: number;
}

export interface AdamWStep extends AdamStep {
  readonly weightDecay: number;
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
  /** Write x through a view into an array of its type; what the view does not reach stays. */
  write(x: RawArray, view: View, into: RawArray): void;
  /** out[…, i, …] = x[…, indices[…, i, …], …] along an axis: the result has the shape of the int32 indices. */
  pick(x: RawArray, indices: RawArray, axis: number): RawArray;
  /** Zeros of `shape` to which x is added where `pick` would have read, one element after another. */
  addPicked(x: RawArray, indices: RawArray, axis: number, shape: Shape): RawArray;
}

export interface ElementwiseBackend {
  unary(kind: UnaryKind, x: RawArray): RawArray;
  /** Of two arrays of one floating type; comparisons also of int32, with a float32 result. */
  binary(kind: BinaryKind, x: RawArray, y: RawArray): RawArray;
  /** x where the condition is not 0, else y: three arrays of one shape, x and y of any one type, the condition float. */
  where(condition: RawArray, x: RawArray, y: RawArray): RawArray;
}

export interface ReductionBackend {
  /**
   * Reduce the middle of [outer, length, inner] to [outer · inner] elements, given the shape of the result: sums of
   * floats, extremes of floats or int32.
   */
  reduce(kind: ReduceKind, x: RawArray, outer: number, length: number, inner: number, shape: Shape): RawArray;
  /** Where the extreme of floats or int32 first stands, as int32; a NaN counts as the extreme. */
  argExtreme(
    kind: ExtremeKind,
    x: RawArray,
    outer: number,
    length: number,
    inner: number,
    shape: Shape,
  ): RawArray;
  /**
   * Σx² of each of several float arrays, in float64, which holds the square of every float32 without rounding: the
   * largest gradient does not overflow and the smallest counts.
   */
  sumsOfSquares(arrays: readonly RawArray[]): number[];
}

export interface ProductBackend {
  /**
   * [..., m, k] @ [..., k, n] with broadcast leading axes; a transposed operand is stored as [..., k, m] or
   * [..., n, k] and read without a copy.
   */
  matmul(x: RawArray, y: RawArray, transposeX: boolean, transposeY: boolean): RawArray;
  /**
   * activation(x[m, k] @ weight[k, n] + bias[n]): the same bits as one step after the other. Rows of x may be longer
   * than k: what lies behind is not part of the product.
   */
  linear(x: RawArray, weight: RawArray, bias: RawArray | undefined, activation?: Activation): RawArray;
}

/**
 * Convolution over images [N, H, W, C] with weights [O, kernel height, kernel width, C], as networks understand it:
 * the window is not flipped. Outside the image lie zeros, which are multiplied like everything else.
 *
 * The order of each sum, on both backends:
 * - `conv2d`: one running sum over (row, column, channel) of the window, then the bias is added.
 * - `conv2dInput`: one running sum over the places of the result that read the element, in reading order, and the
 *   channels of each; then the bias is added.
 * - `conv2dWeight`: the rows of all results, image after image, are cut into `weightGradientParts` parts; each part
 *   is one running sum in reading order, and the parts are added in float64, in order.
 */
export interface ConvolutionBackend {
  /** y[n, i, j, o] = Σ x[n, i·s + a − p, j·s + b − p, c] · w[o, a, b, c] + bias[o], then max(y, 0) where asked. */
  conv2d(
    x: RawArray,
    weight: RawArray,
    bias: RawArray | undefined,
    window: Window,
    activation?: "relu",
  ): RawArray;
  /**
   * What `conv2d` does to its input, transposed: `gradient` [N, places, O] → [N, …size, C]. It is the gradient of
   * the input, and with a bias [C] it is transposed convolution.
   */
  conv2dInput(
    gradient: RawArray,
    weight: RawArray,
    bias: RawArray | undefined,
    window: Window,
    size: Pair,
  ): RawArray;
  /** The gradient of the weights: Σ over images and places of x · gradient. */
  conv2dWeight(x: RawArray, gradient: RawArray, window: Window): RawArray;
}

/**
 * Pooling over images [N, H, W, C], each channel for itself; the window is read in reading order, and places outside
 * the image are left out. An average divides by the window's whole size, so places outside count as zeros.
 */
export interface PoolingBackend {
  /** The greatest, the sum or the average in each window. A NaN is the greatest. */
  pool2d(kind: PoolKind, x: RawArray, window: Window): RawArray;
  /**
   * The gradient of x, given the gradient of y = pool2d(x): of a maximum it goes to the first element that reaches
   * it. Windows that overlap add up, in reading order.
   */
  pool2dGradient(kind: PoolKind, gradient: RawArray, x: RawArray, y: RawArray, window: Window): RawArray;
}

/** Over the last axis. */
export interface SoftmaxBackend {
  softmax(x: RawArray): RawArray;
  logSoftmax(x: RawArray): RawArray;
  /**
   * −log softmax(logits)[label] of each row, and its slope, softmax(logits) − oneHot(label): both are made of the same
   * exponentials.
   */
  crossEntropy(logits: RawArray, labels: RawArray): { loss: RawArray; slope: RawArray };
}

/** Rows of a table [V, D], chosen by int32 indices of any shape, all within [0, V). */
export interface EmbeddingBackend {
  /** The chosen rows, [..., D]. */
  embedding(table: RawArray, indices: RawArray): RawArray;
  /** Zeros of the table's shape, to whose rows those of the gradient are added, in the order of the indices. */
  embeddingGradient(gradient: RawArray, indices: RawArray, shape: Shape): RawArray;
}

/** A GRU's run over a sequence. */
export interface GruRun {
  /** The hidden state after each step, [B, T, H]. */
  readonly output: RawArray;
  /** r⊗h of each step, [T, B, H]. */
  readonly reset: RawArray;
}

/** An LSTM's run over a sequence. */
export interface LstmRun {
  /** The hidden state after each step, [B, T, H]. */
  readonly output: RawArray;
  /** The cell state after the last step, [B, H]. */
  readonly cell: RawArray;
  /** The cell state before each step, [T, B, H]. */
  readonly cellBefore: RawArray;
  /** tanh(c) of each step, [T, B, H]. */
  readonly cellTanh: RawArray;
}

/**
 * Recurrent cells over whole sequences of T steps and B rows with H hidden units. Whatever serves every step as one
 * matrix is time-major, [T, B, …], so that a step lies in one piece and all steps make one tall matrix.
 *
 * `gates` [T, B, gates · H] comes in as x·W + b of every step. To each of its elements the products of h·U are added
 * in order, one running sum; then the cell's activations take their place. The gradient in turn puts the gradients of
 * those sums there, so that a run can be taken back once. Gates stand in PyTorch's order.
 *
 * `rows` [T, B, W] is to hold in H of its columns, from `first` on, the hidden state before each step: that of the first
 * comes in, a run fills in the others. What else lies there is the caller's.
 */
export interface RecurrenceBackend {
  /** h ← tanh(x·W + b + h·U) after each step, [B, T, H]. */
  rnn(gates: RawArray, weight: RawArray, rows: RawArray, first: number): RawArray;
  /** From the gradient of the output, that of the sums (into `gates`) and of the initial hidden state (returned). */
  rnnGradient(gradient: RawArray, gates: RawArray, weight: RawArray): RawArray;
  /** Gates r, z, g: r and z are sigmoids, g = tanh(x·W + b + (r⊗h)·U), h ← h⊗z + g⊗(1−z). */
  gru(gates: RawArray, weight: RawArray, rows: RawArray, first: number): GruRun;
  gruGradient(gradient: RawArray, gates: RawArray, weight: RawArray, rows: RawArray, first: number): RawArray;
  /** Gates i, f, g, o: i, f and o are sigmoids, g is tanh; c ← c⊗f + g⊗i, h ← tanh(c)⊗o. */
  lstm(gates: RawArray, weight: RawArray, rows: RawArray, first: number, cell: RawArray): LstmRun;
  /** `cellGradient` is that of the last cell state, where there is one. */
  lstmGradient(
    gradient: RawArray,
    cellGradient: RawArray | undefined,
    gates: RawArray,
    weight: RawArray,
    run: Pick<LstmRun, "cellBefore" | "cellTanh">,
  ): { hidden: RawArray; cell: RawArray };
}

/** A number for each channel, [C]. */
export interface ChannelStatistics {
  readonly mean: RawArray;
  readonly variance: RawArray;
}

/** The last axis holds channels; all others together are the batch. */
export interface NormalizationBackend {
  /** Each channel's mean and mean square distance from it. */
  channelStatistics(x: RawArray): ChannelStatistics;
  /** (x − mean) · scale/√(variance + ε) + shift. */
  normalize(
    x: RawArray,
    statistics: ChannelStatistics,
    scale: RawArray,
    shift: RawArray,
    epsilon: number,
  ): RawArray;
  /** Gradients of `normalize`; in training the statistics are functions of x, else constants. */
  normalizeGradient(
    gradient: RawArray,
    x: RawArray,
    statistics: ChannelStatistics,
    scale: RawArray,
    epsilon: number,
    training: boolean,
  ): { x: RawArray; scale: RawArray; shift: RawArray };
}

/** One step of one parameter, in place; the gradient stays. Equations with ε show it inside the root. */
export interface OptimizerBackend {
  /** w ← w − η(g + λw). */
  sgdStep(w: RawArray, g: RawArray, step: SgdStep): void;
  /** M ← αM − η(g + λw), w ← w + M. */
  momentumStep(w: RawArray, g: RawArray, m: RawArray, step: MomentumStep): void;
  /** w ← w + αM. */
  lookAhead(w: RawArray, m: RawArray, step: Pick<MomentumStep, "momentum">): void;
  /** M ← αM − η(g + λ(w + αM)), w ← w + M. */
  nesterovStep(w: RawArray, g: RawArray, m: RawArray, step: MomentumStep): void;
  /** G ← G + g², w ← w − ηg/√(G+ε). */
  adaGradStep(w: RawArray, g: RawArray, G: RawArray, step: AdaGradStep): void;
  /** G ← γG + (1−γ)g², w ← w − ηg/√(G+ε). */
  rmsPropStep(w: RawArray, g: RawArray, G: RawArray, step: RmsPropStep): void;
  /** G ← γG + (1−γ)g², Δ = √(S+ε)/√(G+ε)·g, S ← γS + (1−γ)Δ², w ← w − Δ. */
  adaDeltaStep(w: RawArray, g: RawArray, G: RawArray, S: RawArray, step: AdaDeltaStep): void;
  /** m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − η m̂/√(v̂+ε). */
  adamStep(w: RawArray, g: RawArray, m: RawArray, v: RawArray, step: AdamStep): void;
  /** w ← w − ηλw, then as adamStep. */
  adamWStep(w: RawArray, g: RawArray, m: RawArray, v: RawArray, step: AdamWStep): void;
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
    ConvolutionBackend,
    PoolingBackend,
    SoftmaxBackend,
    NormalizationBackend,
    EmbeddingBackend,
    RecurrenceBackend,
    OptimizerBackend {
  readonly name: "wasm" | "reference";
}
