import type { DType, RawArray, TypedArray } from "../backend/backend.ts";
import { keep, scoped } from "../backend/lifetime.ts";
import { reference } from "../backend/reference/referenceBackend.ts";
import { backendFor } from "../backend/select.ts";
import { usage } from "../backend/wasm/memory.ts";
import * as ops from "../ops/index.ts";
import type { Generator } from "../random/index.ts";
import { fromOperation, ShapeError } from "../util/errors.ts";
import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { broadcastShapes, formatShape, normalizeAxis, sameShape, type Shape } from "../util/shape.ts";
import { backward, noGrad, Origin, records, refusePromise, type Variable } from "./autograd.ts";
import * as create from "./create.ts";
import type { RandomOptions, TensorOptions } from "./create.ts";
import { formatTensor } from "./format.ts";
import { describeNumbers } from "./statistics.ts";
import { flatten, nest, type NestedNumbers } from "./nested.ts";
import * as movement from "./movement.ts";
import { checkMatmul, resolveShape } from "./shapeChecks.ts";

export interface MatmulOptions {
  readonly transposeLeft?: boolean;
  readonly transposeRight?: boolean;
}

/**
 * A dense array of numbers that remembers how it was computed, so that `backward` can find its gradients.
 * Operations broadcast as in NumPy: shapes align at the last axis, and an axis of size 1 is repeated.
 * Integer tensors become float32 in arithmetic.
 * @example
 * const w = tensor([1, 2], { requiresGrad: true });
 * w.mul(w).sum().backward();
 * w.grad!.toArray(); // [2, 4]
 */
export class Tensor<S extends Shape = Shape> implements Variable, Displayable {
  /** Only for the type checker, which reads the shape off it. */
  declare protected readonly _shape?: { m(s: S): void }["m"];
  readonly raw: RawArray;
  readonly origin: Origin | undefined;
  readonly temporary: boolean;
  #requiresGrad: boolean;
  #isParameter = false;
  #grad: Tensor | null = null;

  /** Library code builds tensors from raw arrays; in a notebook `tensor(…)` and `Tensor.zeros(…)` do. */
  constructor(raw: RawArray, requiresGrad = false, origin?: Origin, temporary = false) {
    this.raw = raw;
    this.#requiresGrad = requiresGrad;
    this.origin = origin;
    this.temporary = temporary;
    if (requiresGrad && !origin) this.#becomeParameter();
  }

  // ---- making

  /** A copy of row-major values under a shape. @throws ShapeError if the values do not fill it */
  static from(values: ArrayLike<number>, shape: Shape, options: TensorOptions = {}): Tensor {
    return new Tensor(create.fromValues("Tensor.from", values, shape, options), options.requiresGrad);
  }

  static zeros(shape: Shape, options: TensorOptions = {}): Tensor {
    return new Tensor(create.full("Tensor.zeros", shape, 0, options), options.requiresGrad);
  }

  static ones(shape: Shape, options: TensorOptions = {}): Tensor {
    return new Tensor(create.full("Tensor.ones", shape, 1, options), options.requiresGrad);
  }

  static full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
    return new Tensor(create.full("Tensor.full", shape, value, options), options.requiresGrad);
  }

  /** The identity matrix [n, n]. */
  static eye(n: number, options: TensorOptions = {}): Tensor {
    return Tensor.from(create.identity(n), [n, n], options);
  }

  /** start, start + step, … before end; with one argument, 0 to its end. */
  static arange(start: number, end?: number, step = 1, options: TensorOptions = {}): Tensor {
    const [from, to] = end === undefined ? [0, start] : [start, end];
    const values = create.progression(from, to, step);
    return Tensor.from(values, [values.length], options);
  }

  /** `count` numbers from start to end, both included, at equal distances. */
  static linspace(start: number, end: number, count: number, options: TensorOptions = {}): Tensor {
    return Tensor.from(create.spaced(start, end, count), [count], options);
  }

  /** Samples of the normal distribution with mean 0 and variance 1. */
  static randn(shape: Shape, options: RandomOptions = {}): Tensor {
    const raw = create.sampled("Tensor.randn", shape, options, (generator) => generator.normal());
    return new Tensor(raw, options.requiresGrad);
  }

  /** Samples of the uniform distribution on [low, high). */
  static uniform(shape: Shape, low = 0, high = 1, options: RandomOptions = {}): Tensor {
    // float32 holds 24 bits exactly; more would round up to 1 now and then.
    const fraction = (u: number): number =>
      options.dtype === "float64" ? u : Math.floor(u * 16777216) / 16777216;
    // Scaling rounds once more, and may then land on the end that is not included.
    const below = (value: number): number =>
      (options.dtype === "float64" ? value : Math.fround(value)) < high ? value : low;
    const sample = (generator: Generator): number =>
      below(low + (high - low) * fraction(generator.uniform()));
    return new Tensor(create.sampled("Tensor.uniform", shape, options, sample), options.requiresGrad);
  }

  // ---- looking

  get shape(): Shape {
    return this.raw.shape;
  }

  get dtype(): DType {
    return this.raw.dtype;
  }

  /** The number of elements. */
  get numel(): number {
    return this.raw.size;
  }

  /** The size of one axis, negative ones counted from the end. */
  size(axis: number): number {
    return this.shape[normalizeAxis("size", axis, this.shape.length)];
  }

  /** A copy of the elements, row by row. */
  get data(): TypedArray {
    return this.raw.data.slice();
  }

  /** The only element. @throws ShapeError if there is not exactly one */
  item(): number {
    if (this.numel !== 1)
      throw new ShapeError(`item: needs one element, got ${formatShape(this.shape)}; use toArray()`);
    return this.raw.data[0];
  }

  /** The elements as nested lists; a scalar is a number. */
  toArray(): NestedNumbers {
    return nest(this.raw.data, this.shape);
  }

  toString(): string {
    if (this.raw.released) return `Tensor ${formatShape(this.shape)} ${this.dtype} (freed)`;
    return formatTensor(this.raw.data, this.shape, this.dtype);
  }

  [jupyterDisplay](): MimeBundle {
    const text = this.toString();
    // Fewer numbers are seen at a glance.
    if (this.raw.released || this.numel <= 4) return { "text/plain": text };
    const [heading, ...rows] = text.split("\n");
    return { "text/plain": [heading, describeNumbers(this.raw.data), ...rows].join("\n") };
  }

  [Symbol.for("nodejs.util.inspect.custom") as never](): string {
    return this.toString();
  }

  // ---- arithmetic, elementwise with broadcasting

  add(other: Tensor | number): Tensor {
    return elementwise(ops.add, this, other);
  }

  sub(other: Tensor | number): Tensor {
    return elementwise(ops.sub, this, other);
  }

  mul(other: Tensor | number): Tensor {
    return elementwise(ops.mul, this, other);
  }

  div(other: Tensor | number): Tensor {
    return elementwise(ops.div, this, other);
  }

  /**
   * The greater of two, NaN if either is. The gradient goes to the greater; where both are equal, half to each; where one
   * is NaN, all to both, as in PyTorch.
   */
  maximum(other: Tensor | number): Tensor {
    return elementwise(ops.maximum, this, other);
  }

  /** The lesser of two, NaN if either is; its gradient as that of `maximum`. */
  minimum(other: Tensor | number): Tensor {
    return elementwise(ops.minimum, this, other);
  }

  /**
   * this^exponent. Special values as in PyTorch: x⁰ is 1 and 1^y is 1, and negative numbers have whole powers only
   * (else NaN).
   */
  pow(exponent: Tensor | number): Tensor {
    if (typeof exponent === "number") return apply(ops.powNumber, [floating(this)], exponent);
    return elementwise(ops.pow, this, exponent);
  }

  /** 1 where equal, else 0; no gradient, as for all comparisons. */
  equal(other: Tensor | number): Tensor {
    return comparison(ops.equal, this, other);
  }

  notEqual(other: Tensor | number): Tensor {
    return comparison(ops.notEqual, this, other);
  }

  greater(other: Tensor | number): Tensor {
    return comparison(ops.greater, this, other);
  }

  greaterEqual(other: Tensor | number): Tensor {
    return comparison(ops.greaterEqual, this, other);
  }

  less(other: Tensor | number): Tensor {
    return comparison(ops.less, this, other);
  }

  lessEqual(other: Tensor | number): Tensor {
    return comparison(ops.lessEqual, this, other);
  }

  /** This where the condition is not 0, elsewhere `other`: `x.where(x.greater(0), 0)`. */
  where(condition: Tensor, other: Tensor | number): Tensor {
    return chosen(condition, this, other);
  }

  /** x where the condition is not 0, elsewhere y, with broadcasting: `Tensor.where(mask, x, 0)`. */
  static where(condition: Tensor, x: Tensor | number, y: Tensor | number): Tensor {
    return chosen(condition, x, y);
  }

  neg(): Tensor {
    return apply(ops.neg, [floating(this)]);
  }

  /** |x|. Its gradient is the sign of x, 0 at ±0, and NaN at NaN (0 in PyTorch). */
  abs(): Tensor {
    return apply(ops.abs, [floating(this)]);
  }

  exp(): Tensor {
    return apply(ops.exp, [floating(this)]);
  }

  /** The natural logarithm. */
  log(): Tensor {
    return apply(ops.log, [floating(this)]);
  }

  /** ln(1 + x), exact in its leading digits where x is near 0. */
  log1p(): Tensor {
    return apply(ops.log1p, [floating(this)]);
  }

  sqrt(): Tensor {
    return apply(ops.sqrt, [floating(this)]);
  }

  /** Of an angle in radians. */
  sin(): Tensor {
    return apply(ops.sin, [floating(this)]);
  }

  /** Of an angle in radians. */
  cos(): Tensor {
    return apply(ops.cos, [floating(this)]);
  }

  /** max(x, 0). Its gradient is 1 where x > 0, 0 at ±0 and below; a NaN passes it on, as in PyTorch. */
  relu(): Tensor {
    return apply(ops.relu, [floating(this)]);
  }

  /** x where x > 0, else slope · x. */
  leakyRelu(slope = 0.01): Tensor {
    return apply(ops.leakyRelu, [floating(this)], slope);
  }

  /** ln(1 + eˣ), finite wherever x is. */
  softplus(): Tensor {
    return apply(ops.softplus, [floating(this)]);
  }

  sigmoid(): Tensor {
    return apply(ops.sigmoid, [floating(this)]);
  }

  tanh(): Tensor {
    return apply(ops.tanh, [floating(this)]);
  }

  /** Limit to [low, high]. The gradient passes within, bounds included, and not through NaN. @throws RangeError if low > high */
  clamp(low: number, high: number): Tensor {
    if (!(low <= high)) throw new RangeError(`clamp: low must be <= high, got ${low} and ${high}`);
    return apply(ops.clamp, [floating(this)], { low, high });
  }

  /** exp(x) / Σ exp(x) along an axis, default the last. */
  softmax(axis = -1): Tensor {
    return alongLast("softmax", this, axis, (x) => apply(ops.softmax, [x]));
  }

  /** x − ln Σ exp(x) along an axis, default the last. */
  logSoftmax(axis = -1): Tensor {
    return alongLast("logSoftmax", this, axis, (x) => apply(ops.logSoftmax, [x]));
  }

  // ---- matrices and shapes

  /**
   * The matrix product over the last two axes, leading axes broadcast: [m, k] @ [k, n] → [m, n],
   * [b, 1, m, k] @ [h, k, n] → [b, h, m, n]. A vector is a row on the left, a column on the right, and its axis is
   * gone from the result: [k] @ [k] → [], [k] @ [k, n] → [n], [m, k] @ [k] → [m].
   * @param options.transposeLeft read this tensor with its last two axes exchanged, without the copy that
   * `transpose()` makes; default false
   * @param options.transposeRight the same for the other
   * @throws ShapeError if inner sizes differ, leading axes do not broadcast, or one of them is a scalar
   * @example
   * const scores = queries.matmul(keys, { transposeRight: true }); // [b, m, d] @ [b, n, d]ᵀ → [b, m, n]
   */
  matmul(other: Tensor, options: MatmulOptions = {}): Tensor {
    const { transposeLeft: left = false, transposeRight: right = false } = options;
    checkMatmul(this.shape, other.shape, { left, right });
    const [a, b] = unify([floating(this), floating(other)]);
    const [row, column] = [a.shape.length === 1, b.shape.length === 1];
    if (!row && !column) return apply(ops.matmul, [a, b], { left, right });
    const product = apply(
      ops.matmul,
      [row ? temporary(a.reshape([1, a.numel])) : a, column ? temporary(b.reshape([b.numel, 1])) : b],
      { left, right },
    );
    const kept = product.shape.slice(0, row ? -2 : -1);
    return temporary(product).reshape(row && !column ? [...kept, product.size(-1)] : kept);
  }

  /** The last two axes exchanged. @throws ShapeError below two dimensions */
  transpose(): Tensor {
    const rank = this.shape.length;
    if (rank < 2)
      throw new ShapeError(`transpose: needs two dimensions or more, got ${formatShape(this.shape)}`);
    const order = [...this.shape.keys()];
    return this.permute([...order.slice(0, -2), rank - 1, rank - 2]);
  }

  /** Axis i of the result is axis order[i] of this tensor. @throws RangeError unless each axis stands there once */
  permute(order: readonly number[]): Tensor {
    const axes = order.map((axis) => normalizeAxis("permute", axis, this.shape.length));
    if (axes.length !== this.shape.length || new Set(axes).size !== axes.length)
      throw new RangeError(
        `permute: [${order.join(", ")}] must name each axis of ${formatShape(this.shape)} once`,
      );
    return apply(ops.permute, [this], axes);
  }

  /** The same elements under another shape; one size may be −1 and is worked out. */
  reshape(shape: Shape): Tensor {
    return apply(ops.reshape, [this], resolveShape(this.shape, shape));
  }

  /**
   * Elements start up to (not including) end along an axis, negative numbers counted from the end; every step-th one.
   * @throws RangeError unless all are integers and step >= 1
   */
  slice(start: number, end?: number, axis = 0, step = 1): Tensor {
    return apply(ops.slice, [this], movement.resolveSlice(this.shape, start, end, axis, step));
  }

  /** Repeated along new leading axes and axes of size 1, as broadcasting does; −1 keeps a size. */
  expand(shape: Shape): Tensor {
    return apply(ops.expand, [this], movement.resolveExpand(this.shape, shape));
  }

  /** The order along an axis, or several, reversed. */
  flip(axis: number | readonly number[]): Tensor {
    return apply(ops.flip, [this], movement.resolveAxes("flip", this.shape, axis));
  }

  /** A border of one value: `[before, after]` for every axis, `x.pad([[1, 1], [0, 2]])`. */
  pad(amounts: readonly (readonly number[])[], value = 0): Tensor {
    return apply(ops.pad, [this], movement.resolvePadding(this.shape, amounts, value));
  }

  /**
   * y[…, i, …] = x[…, indices[…, i, …], …] along an axis: int32 indices with as many axes as this, the result in
   * their shape. `logits.gather(1, labels.reshape([-1, 1]))` picks one number a row.
   * @throws RangeError for an index outside the axis
   */
  gather(axis: number, indices: Tensor): Tensor {
    const along = movement.resolveGather(this.shape, axis, indices);
    return apply(ops.gather, [this, beside(this, indices)], along);
  }

  /** Class indices [...] (int32 or uint8) as rows of 0 with one 1: [..., classes], float32. */
  oneHot(classes: number): Tensor {
    return Tensor.from(movement.oneHotRows(classes, this), [...this.shape, classes]);
  }

  /** Joined along an axis; all other sizes agree. */
  static concat(tensors: readonly Tensor[], axis = 0): Tensor {
    const shapes = tensors.map(({ shape }) => shape);
    return apply(ops.concat, alike(tensors), movement.resolveConcat(shapes, axis));
  }

  /** Put side by side along a new axis; all shapes agree. */
  static stack(tensors: readonly Tensor[], axis = 0): Tensor {
    const shapes = tensors.map(({ shape }) => shape);
    const along = movement.resolveStack(shapes, axis);
    const pieces = tensors.map((x) => temporary(x.reshape(x.shape.toSpliced(along, 0, 1))));
    return Tensor.concat(pieces, along);
  }

  // ---- reductions: over all elements, over one axis, or over several

  sum(axis?: number | readonly number[], keepDims = false): Tensor {
    return reduction(ops.sum, floating(this), axis, keepDims);
  }

  mean(axis?: number | readonly number[], keepDims = false): Tensor {
    const total = this.sum(axis, keepDims);
    return temporary(total).div(this.numel / total.numel);
  }

  /**
   * The greatest; of integers an integer, NaN where there is one. The gradient goes in equal shares to all that are the
   * greatest, or to all NaN, as from PyTorch's `max()` and `amax`.
   */
  max(axis?: number | readonly number[], keepDims = false): Tensor {
    return extreme(ops.max, this, axis, keepDims);
  }

  /** The least; of integers an integer, NaN where there is one. Its gradient as that of `max`. */
  min(axis?: number | readonly number[], keepDims = false): Tensor {
    return extreme(ops.min, this, axis, keepDims);
  }

  /**
   * Σ (x − mean)² / (n − correction). As in PyTorch the correction is 1, the unbiased estimate, which is NaN for one
   * element; 0 gives the mean square, as in NumPy.
   */
  variance(axis?: number | readonly number[], keepDims = false, correction = 1): Tensor {
    const axes = movement.resolveAxes("variance", this.shape, axis);
    return apply(ops.variance, [floating(this)], { axes, keepDims, correction });
  }

  /** √variance. */
  standardDeviation(axis?: number | readonly number[], keepDims = false, correction = 1): Tensor {
    return temporary(this.variance(axis, keepDims, correction)).sqrt();
  }

  /** The index of the greatest element, int32; the first of equals. */
  argmax(axis?: number, keepDims = false): Tensor {
    return place(ops.argmax, this, axis, keepDims);
  }

  /** The index of the least element, int32; the first of equals. */
  argmin(axis?: number, keepDims = false): Tensor {
    return place(ops.argmin, this, axis, keepDims);
  }

  // ---- types, gradients, memory

  /** The same numbers in another type; gradients pass between the floating types. */
  to(dtype: DType): Tensor {
    if (dtype === this.dtype) return this;
    if (!create.isFloat(dtype)) return noGrad(() => apply(ops.cast, [this], dtype));
    return apply(ops.cast, [this], dtype);
  }

  /**
   * Back-propagate from this scalar: dthis/dleaf is added to the `.grad` of every leaf with `requiresGrad`.
   * The graph is used up; results inside it stay readable until the next `backward` has passed.
   * @throws ShapeError unless this has one element, Error if nothing here requires a gradient or the graph is used up
   */
  backward(): void {
    if (this.numel !== 1)
      throw new ShapeError(
        `backward: needs a scalar, got ${formatShape(this.shape)}; reduce it first, with .sum() or .mean()`,
      );
    if (!this.requiresGrad)
      throw new Error(
        "backward: nothing here requires a gradient; make the leaves with { requiresGrad: true }, or unfreeze() the model",
      );
    backward(this);
  }

  /**
   * Whether `backward` collects a gradient here, or passes one on. Setting it to false freezes a parameter: it gets no
   * gradient, so that optimizers leave it as it is, until it is true again.
   * @throws TypeError if it is set on the result of an operation, or to true on integers
   */
  get requiresGrad(): boolean {
    return this.#requiresGrad;
  }

  set requiresGrad(required: boolean) {
    if (this.origin)
      throw new TypeError(
        `requiresGrad: this is the result of ${this.origin.op.name}; only leaves can be frozen, and detach() cuts a result off`,
      );
    if (required) {
      create.checkDifferentiable("requiresGrad", this.dtype);
      this.#becomeParameter();
    } else this.grad = null;
    this.#requiresGrad = required;
  }

  /** Whether this is a leaf that was made to require a gradient, frozen or not. */
  get isParameter(): boolean {
    return this.#isParameter;
  }

  #becomeParameter(): void {
    keep(this.raw);
    this.#isParameter = true;
  }

  /** The gradient that `backward` has collected, or null. Setting it to null frees it. */
  get grad(): Tensor | null {
    return this.#grad;
  }

  set grad(gradient: Tensor | null) {
    if (gradient && !sameShape(gradient.shape, this.shape))
      throw new ShapeError(
        `grad: ${formatShape(gradient.shape)} is not the shape ${formatShape(this.shape)} of the tensor`,
      );
    if (gradient !== this.#grad) this.#grad?.raw.release("grad = null");
    if (gradient) keep(gradient.raw);
    this.#grad = gradient;
  }

  /** @internal */
  receiveGradient(gradient: RawArray): void {
    const { backend, shape, fate } = gradient;
    if (this.#grad) this.grad = new Tensor(backend.binary("add", this.#grad.raw, gradient));
    // A sum hands both its leaves the same array; the second takes a claim of its own.
    else this.grad = new Tensor(fate === "kept" ? backend.reshape(gradient, shape) : gradient);
  }

  /** The same numbers, outside the graph: no gradient flows through, and no later `backward` frees them. */
  detach(): Tensor {
    return new Tensor(this.raw.backend.reshape(this.raw, this.shape));
  }

  /** Free the memory now; reading the tensor afterwards is an error. */
  dispose(): void {
    this.raw.release("dispose()");
    this.grad = null;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Compute without recording. @throws TypeError if `work` is async */
  static noGrad<T>(work: () => T): T {
    return noGrad(work);
  }

  /**
   * Free every tensor made inside, save what `work` returns (a tensor, or tensors in lists and plain objects),
   * leaves that require gradients, and gradients. @throws TypeError if `work` is async
   */
  static scope<T>(work: () => T): T {
    return scoped("the end of its Tensor.scope", () => refusePromise("Tensor.scope", work()), rawsIn);
  }

  /** What lives in the compute memory now. */
  static memory(): { bytes: number; tensors: number } {
    const { bytes, blocks } = usage();
    return { bytes, tensors: blocks };
  }
}

/**
 * A tensor from numbers as they are written: `tensor([[1, 2], [3, 4]])`.
 * @throws ShapeError if lists of one level differ in length
 * @example
 * tensor([[1, 2], [3, 4]]).sum(0).toArray(); // [4, 6]
 */
export function tensor(values: NestedNumbers, options: TensorOptions = {}): Tensor {
  const { shape, values: flat } = flatten(values);
  const dtype = create.dtypeOf(values);
  return new Tensor(create.fromValues("tensor", flat, shape, { dtype, ...options }), options.requiresGrad);
}

/** Run an operation on checked inputs, and record it if a gradient will be wanted. */
export function apply(op: ops.Op, inputs: readonly Tensor[]): Tensor;
export function apply<Options>(op: ops.Op<Options>, inputs: readonly Tensor[], options: Options): Tensor;
export function apply<Options>(op: ops.Op<Options>, inputs: readonly Tensor[], options?: Options): Tensor {
  const raws = inputs.map((input) => input.raw);
  const saved: RawArray[] | undefined = records(inputs) ? [] : undefined;
  let raw: RawArray;
  try {
    raw = op.forward(raws, options as Options, saved);
  } catch (error) {
    throw fromOperation(op.name, error);
  }
  if (saved) return new Tensor(raw, true, new Origin(op as ops.Op<unknown>, inputs, saved, options));
  for (const input of inputs) if (input.temporary) input.raw.release(op.name);
  return new Tensor(raw);
}

function elementwise(op: ops.Op, x: Tensor, other: Tensor | number): Tensor {
  if (typeof other === "number") {
    const left = floating(x);
    const { backend, dtype } = left.raw;
    return apply(op, [left, new Tensor(backend.from([other], [], dtype), false, undefined, true)]);
  }
  if (!(other instanceof Tensor))
    throw new TypeError(
      `${op.name}: expected a Tensor or a number, got ${other === null ? "null" : typeof other}`,
    );
  broadcastShapes(op.name, x.shape, other.shape);
  return apply(op, unify([floating(x), floating(other)]));
}

/** Whole numbers are compared as such; int32 beside fractions as float64, since float32 lacks many beyond 2²⁴. */
function comparison(op: ops.Op, x: Tensor, other: Tensor | number): Tensor {
  const operands = [x, other];
  const isOf = (dtype: DType): boolean =>
    operands.some((operand) => operand instanceof Tensor && operand.dtype === dtype);
  return noGrad(() => {
    if (operands.every(isWhole)) {
      const y =
        other instanceof Tensor
          ? other
          : new Tensor(backendFor("int32").from([other], [], "int32"), false, undefined, true);
      broadcastShapes(op.name, x.shape, y.shape);
      return apply(op, [exact(x), exact(y)]);
    }
    if (!isOf("int32")) return elementwise(op, x, other);
    const result = elementwise(op, x.to("float64"), other instanceof Tensor ? other.to("float64") : other);
    return isOf("float64") ? result : result.to("float32");
  });
}

const isWhole = (value: Tensor | number): boolean =>
  value instanceof Tensor ? !create.isFloat(value.dtype) : create.holds("int32", value);

function chosen(condition: Tensor, x: Tensor | number, y: Tensor | number): Tensor {
  const isOperand = (value: unknown): boolean => value instanceof Tensor || typeof value === "number";
  if (!(condition instanceof Tensor) || !isOperand(x) || !isOperand(y))
    throw new TypeError("where: expected a Tensor as condition, and a Tensor or a number for each choice");
  const [a, b] = alike([asTensor(x, y), asTensor(y, x)]);
  return apply(ops.where, [beside(a, floating(condition)), a, b]);
}

/** A number as a tensor, of the type of what stands beside it if that type holds it. */
function asTensor(value: Tensor | number, other: Tensor | number): Tensor {
  if (value instanceof Tensor) return value;
  const dtype = other instanceof Tensor && create.holds(other.dtype, value) ? other.dtype : "float32";
  return new Tensor(backendFor(dtype).from([value], [], dtype), false, undefined, true);
}

function reduction(
  op: ops.Op<ops.Reduction>,
  x: Tensor,
  axis: number | readonly number[] | undefined,
  keepDims: boolean,
): Tensor {
  return apply(op, [x], { axes: movement.resolveAxes(op.name, x.shape, axis), keepDims });
}

/** The extreme of integers is one of them. */
function extreme(
  op: ops.Op<ops.Reduction>,
  x: Tensor,
  axis: number | readonly number[] | undefined,
  keepDims: boolean,
): Tensor {
  requireElements(op.name, x, movement.resolveAxes(op.name, x.shape, axis));
  const result = reduction(op, exact(x), axis, keepDims);
  return result.dtype === x.dtype ? result : temporary(result).to(x.dtype);
}

function place(op: ops.Op<ops.Reduction>, x: Tensor, axis: number | undefined, keepDims: boolean): Tensor {
  const axes = movement.resolveAxes(op.name, x.shape, axis);
  requireElements(op.name, x, axes);
  return noGrad(() => apply(op, [exact(x)], { axes, keepDims }));
}

function alongLast(name: string, x: Tensor, axis: number, work: (x: Tensor) => Tensor): Tensor {
  const last = x.shape.length - 1;
  const along = normalizeAxis(name, axis, x.shape.length);
  if (along === last) return work(floating(x));
  const order = [...x.shape.keys()].with(along, last).with(last, along);
  return temporary(work(temporary(floating(x).permute(order)))).permute(order);
}

/** Arithmetic is floating: integers become float32 on the way in. */
export function floating(x: Tensor): Tensor {
  if (create.isFloat(x.dtype)) return x;
  return new Tensor(backendFor("float32").from(x.raw.data, x.shape, "float32"), false, undefined, true);
}

/** What is not computed but compared stays a whole number: integers as int32, where the kernels for them are. */
function exact(x: Tensor): Tensor {
  if (create.isFloat(x.dtype)) return x;
  const backend = backendFor("int32");
  if (x.dtype === "int32" && x.raw.backend === backend) return x;
  return new Tensor(backend.from(x.raw.data, x.shape, "int32"), false, undefined, true);
}

/** A fresh result that nobody outside will see: the operation that reads it, or its back-propagation, frees it. */
export function temporary(x: Tensor): Tensor {
  return new Tensor(x.raw, x.requiresGrad, x.origin, true);
}

/** float32 meets float64 in float64, on the reference backend, where integers follow. */
export function unify(inputs: readonly Tensor[]): Tensor[] {
  const [first] = inputs;
  if (inputs.every((input) => input.raw.backend === first.raw.backend && input.dtype === first.dtype))
    return [...inputs];
  return inputs.map((input) => {
    if (create.isFloat(input.dtype)) return input.to("float64");
    return new Tensor(reference.from(input.raw.data, input.shape, input.dtype), false, undefined, true);
  });
}

/** One type for all: the one they share, or that of their arithmetic. */
function alike(tensors: readonly Tensor[]): readonly Tensor[] {
  const [first] = tensors;
  const same = tensors.every((x) => x.dtype === first.dtype && x.raw.backend === first.raw.backend);
  return same ? tensors : unify(tensors.map(floating));
}

/** Labels, indices or a mask on the backend of the tensor they belong to. */
function beside(x: Tensor, companion: Tensor): Tensor {
  const { backend } = x.raw;
  if (companion.raw.backend === backend) return companion;
  // What moves to WebAssembly loses float64: a mask is 0 or 1 first.
  const { raw } = companion.dtype === "float64" ? companion.notEqual(0) : companion;
  const dtype = companion.dtype === "float64" ? "float32" : companion.dtype;
  return new Tensor(backend.from(raw.data, raw.shape, dtype), false, undefined, true);
}

function requireElements(name: string, x: Tensor, axes: readonly number[]): void {
  if (axes.length === x.shape.length && x.numel === 0)
    throw new RangeError(`${name}: ${formatShape(x.shape)} has no elements`);
  const empty = axes.find((axis) => x.shape[axis] === 0);
  if (empty !== undefined)
    throw new RangeError(`${name}: ${formatShape(x.shape)} has no elements along axis ${empty}`);
}

function* rawsIn(result: unknown): Iterable<RawArray> {
  if (result instanceof Tensor) yield result.raw;
  else if (Array.isArray(result)) for (const item of result) yield* rawsIn(item);
  else if (result && Object.getPrototypeOf(result) === Object.prototype)
    for (const item of Object.values(result)) yield* rawsIn(item);
}
