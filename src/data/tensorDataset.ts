import { kindOf } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, type Shape, sizeOf } from "../util/shape.ts";
import { checkIndices } from "./checkIndices.ts";
import type { Batch, Dataset } from "./dataset.ts";

/** Numbers in rows: the first axis counts the examples. A `Tensor` is one. */
export interface Rows {
  readonly data: Uint8Array | Int32Array | Float32Array | Float64Array;
  readonly shape: Shape;
}

export interface TensorDatasetOptions {
  /** Inputs are multiplied by it as a batch is made: 1 / 255 turns bytes into [0, 1]. Default 1. */
  readonly scale?: number;
  /** Names of the classes 0, 1, …, for legends and tables. */
  readonly classNames?: readonly string[];
  /** Names of the numbers that make up an input, for tables. */
  readonly featureNames?: readonly string[];
}

/**
 * Inputs and labels held in memory, example by example.
 *
 * Bytes stay bytes until a batch is made; there they become float32, times `scale`. Float64 inputs stay float64,
 * other numbers become float32. Labels are class indices (a number array or int32, given out as int32 `[n]`) or
 * rows of numbers (one-hot, probabilities, regression targets: float, given out in their own shape).
 *
 * @param inputs `[N, …]`, a tensor or `{ data, shape }`
 * @param labels N class indices, or a tensor or `{ data, shape }` with N rows
 * @throws ShapeError if inputs and labels differ in number, or data does not fill the shape
 * @example
 * const points = new data.TensorDataset(tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), [0, 1, 1, 0]);
 * points.batch([1, 2]).labels.toArray(); // [1, 1]
 */
export class TensorDataset implements Dataset {
  readonly inputs: Rows;
  readonly labels: Rows;
  readonly scale: number;
  readonly classNames: readonly string[] | undefined;
  readonly featureNames: readonly string[] | undefined;

  constructor(
    inputs: Rows,
    labels: Rows | readonly number[] | Int32Array | Uint8Array,
    options: TensorDatasetOptions = {},
  ) {
    this.inputs = checkedRows("inputs", inputs);
    this.labels = checkedRows("labels", labelRows(labels));
    this.scale = options.scale ?? 1;
    if (!Number.isFinite(this.scale))
      throw new RangeError(`TensorDataset: scale must be finite, got ${this.scale}`);
    this.classNames = options.classNames;
    this.featureNames = options.featureNames;
    if (this.inputs.shape[0] !== this.labels.shape[0]) {
      throw new ShapeError(
        `TensorDataset: ${this.inputs.shape[0]} inputs but ${this.labels.shape[0]} labels ` +
          `(inputs ${formatShape(this.inputs.shape)}, labels ${formatShape(this.labels.shape)})`,
      );
    }
  }

  get length(): number {
    return this.inputs.shape[0];
  }

  /** The shape of one input. */
  get inputShape(): Shape {
    return this.inputs.shape.slice(1);
  }

  /** The class indices; undefined where labels are rows of numbers. */
  get classes(): Int32Array | undefined {
    return this.labels.data instanceof Int32Array && this.labels.shape.length === 1
      ? this.labels.data
      : undefined;
  }

  /** @throws RangeError if there is no example at one of the indices */
  batch(indices: ArrayLike<number>): Batch {
    checkIndices("batch", indices, this.length);
    return {
      inputs: takeRows(this.inputs, indices, this.scale),
      labels: takeRows(this.labels, indices, 1),
      size: indices.length,
    };
  }
}

function labelRows(labels: Rows | readonly number[] | Int32Array | Uint8Array): Rows {
  if (typeof labels !== "object" || labels === null)
    throw new TypeError(`TensorDataset: labels must be a list or a tensor, got ${kindOf(labels)}`);
  if ("shape" in labels) {
    // Bytes, one an example, are class indices too.
    return labels.shape.length === 1 && labels.data instanceof Uint8Array
      ? { data: Int32Array.from(labels.data), shape: labels.shape }
      : labels;
  }
  for (const label of labels) {
    if (!Number.isInteger(label)) {
      throw new TypeError(
        `TensorDataset: a list of labels holds class indices, got ${label}; ` +
          `give regression targets as a tensor [N, 1]`,
      );
    }
  }
  return { data: Int32Array.from(labels), shape: [labels.length] };
}

function checkedRows(name: string, rows: Rows): Rows {
  // `data` of a tensor is a getter that copies: read it once.
  const { data, shape } = (rows as Partial<Rows> | undefined) ?? {};
  if (!ArrayBuffer.isView(data) || !Array.isArray(shape))
    throw new TypeError(
      `TensorDataset: ${name} must be a tensor, or { data, shape } with a typed array, got ${kindOf(rows)}; ` +
        `tensor(…) makes one of nested lists`,
    );
  if (shape.length === 0 || data.length !== sizeOf(shape)) {
    throw new ShapeError(
      `TensorDataset: ${name} of shape ${formatShape(shape)} and ${data.length} numbers; ` +
        `the first axis counts the examples and the product of all sizes must equal the numbers`,
    );
  }
  return { data, shape };
}

function takeRows({ data, shape }: Rows, indices: ArrayLike<number>, scale: number): Tensor {
  const width = sizeOf(shape.slice(1));
  const size = indices.length * width;
  const taken =
    data instanceof Float64Array
      ? new Float64Array(size)
      : data instanceof Int32Array && scale === 1
        ? new Int32Array(size)
        : new Float32Array(size);
  for (let row = 0; row < indices.length; row++) {
    const from = indices[row] * width;
    taken.set(data.subarray(from, from + width), row * width);
  }
  if (scale !== 1) for (let at = 0; at < size; at++) taken[at] *= scale;
  return Tensor.from(taken, [indices.length, ...shape.slice(1)]);
}
