import type { DType, RawArray } from "../backend/backend.ts";
import { backendFor } from "../backend/select.ts";
import { defaultGenerator, type Generator } from "../random/index.ts";
import { fromOperation, ShapeError } from "../util/errors.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "../util/shape.ts";

export interface TensorOptions {
  /** float32 unless the values say otherwise (a Float64Array, Int32Array or Uint8Array keeps its type). */
  readonly dtype?: DType;
  /** Collect gradients in `.grad`; default false. */
  readonly requiresGrad?: boolean;
}

export interface RandomOptions extends TensorOptions {
  /** Where the numbers come from; default the global generator, which `random.seed` sets. */
  readonly generator?: Generator;
}

export const isFloat = (dtype: DType): boolean => dtype === "float32" || dtype === "float64";

/** Whether a type has this number, up to rounding. */
export function holds(dtype: DType, value: number): boolean {
  if (isFloat(dtype)) return true;
  const [low, high] = dtype === "uint8" ? [0, 255] : [-2147483648, 2147483647];
  return Number.isInteger(value) && value >= low && value <= high;
}

/** The type that values are given when nobody says one. */
export function dtypeOf(values: unknown): DType {
  if (values instanceof Float64Array) return "float64";
  if (values instanceof Int32Array) return "int32";
  return values instanceof Uint8Array ? "uint8" : "float32";
}

/** @throws RangeError for a bad shape, ShapeError if the values do not fill it, TypeError if integers require a gradient */
export function fromValues(
  name: string,
  values: ArrayLike<number>,
  shape: Shape,
  options: TensorOptions,
): RawArray {
  const dtype = checkOptions(name, shape, options, dtypeOf(values));
  if (values.length !== sizeOf(shape))
    throw new ShapeError(`${name}: ${values.length} values do not fill ${formatShape(shape)}`);
  const raw = allocated(name, shape, dtype);
  raw.data.set(values);
  return raw;
}

export function full(name: string, shape: Shape, value: number, options: TensorOptions): RawArray {
  const dtype = checkOptions(name, shape, options, "float32");
  const raw = allocated(name, shape, dtype);
  raw.data.fill(value);
  return raw;
}

export function sampled(
  name: string,
  shape: Shape,
  options: RandomOptions,
  sample: (generator: Generator) => number,
): RawArray {
  const dtype = checkOptions(name, shape, options, "float32");
  const { generator = defaultGenerator() } = options;
  const raw = allocated(name, shape, dtype);
  const { data } = raw;
  for (let i = 0; i < data.length; i++) data[i] = sample(generator);
  return raw;
}

function allocated(name: string, shape: Shape, dtype: DType): RawArray {
  try {
    return backendFor(dtype).empty([...shape], dtype);
  } catch (error) {
    throw fromOperation(name, error);
  }
}

/** @throws RangeError unless n is an integer >= 0 */
export function identity(n: number): Float32Array {
  checkShape("Tensor.eye", [n, n]);
  const values = new Float32Array(n * n);
  for (let i = 0; i < n; i++) values[i * (n + 1)] = 1;
  return values;
}

/** @throws RangeError if the step is 0 or not finite */
export function progression(start: number, end: number, step: number): number[] {
  if (step === 0 || !Number.isFinite(step)) throw new RangeError(`Tensor.arange: step must not be ${step}`);
  return Array.from({ length: Math.max(0, Math.ceil((end - start) / step)) }, (_, i) => start + i * step);
}

/** @throws RangeError unless count is an integer >= 1 */
export function spaced(start: number, end: number, count: number): number[] {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`Tensor.linspace: count must be an integer >= 1, got ${count}`);
  // The last one is given, since start + (count − 1) steps need not land on it.
  return Array.from({ length: count }, (_, i) =>
    i > 0 && i === count - 1 ? end : start + (i * (end - start)) / Math.max(1, count - 1),
  );
}

function checkOptions(name: string, shape: Shape, options: TensorOptions, otherwise: DType): DType {
  checkShape(name, shape);
  const { dtype = otherwise, requiresGrad = false } = options;
  if (requiresGrad) checkDifferentiable(name, dtype);
  return dtype;
}

/** @throws TypeError for integers, which have no gradient */
export function checkDifferentiable(name: string, dtype: DType): void {
  if (!isFloat(dtype))
    throw new TypeError(`${name}: only float32 and float64 can require a gradient, got ${dtype}`);
}
