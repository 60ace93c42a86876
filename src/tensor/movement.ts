/** What the movement methods of `Tensor` ask for, checked and in the form the operations take. */
import type { DType, TypedArray } from "../backend/backend.ts";
import type { Padding, Range } from "../ops/index.ts";
import { ShapeError } from "../util/errors.ts";
import { checkShape, formatShape, normalizeAxis, sameShape, type Shape } from "../util/shape.ts";

/** @throws RangeError unless start, end and step are integers and step >= 1 */
export function resolveSlice(
  shape: Shape,
  start: number,
  end: number | undefined,
  axis: number,
  step: number,
): Range {
  const along = normalizeAxis("slice", axis, shape.length);
  const extent = shape[along];
  if (!Number.isInteger(start) || !Number.isInteger(end ?? extent))
    throw new RangeError(`slice: start and end must be integers, got ${start} and ${end}`);
  if (!Number.isInteger(step) || step < 1)
    throw new RangeError(`slice: step must be an integer >= 1, got ${step}; flip() reverses an axis`);
  const place = (index: number): number => Math.min(extent, Math.max(0, index < 0 ? index + extent : index));
  const from = place(start);
  return {
    axis: along,
    start: from,
    count: Math.max(0, Math.ceil((place(end ?? extent) - from) / step)),
    step,
  };
}

/** @throws RangeError for an axis that is missing or named twice */
export function resolveAxes(
  name: string,
  shape: Shape,
  axis: number | readonly number[] | undefined,
): number[] {
  if (axis === undefined) return [...shape.keys()];
  if (typeof axis === "number") return [normalizeAxis(name, axis, shape.length)];
  const axes = axis.map((one) => normalizeAxis(name, one, shape.length)).sort((a, b) => a - b);
  if (new Set(axes).size !== axes.length)
    throw new RangeError(`${name}: [${axis.join(", ")}] names an axis of ${formatShape(shape)} twice`);
  return axes;
}

/** @throws ShapeError unless `to` is what the shape broadcasts to, RangeError unless its sizes are integers >= 0 */
export function resolveExpand(shape: Shape, to: Shape): Shape {
  const missing = to.length - shape.length;
  const resolved = to.map((extent, axis) =>
    extent === -1 && axis >= missing ? shape[axis - missing] : extent,
  );
  const repeats = (extent: number, axis: number): boolean =>
    axis < missing || shape[axis - missing] === extent || shape[axis - missing] === 1;
  if (missing < 0 || !resolved.every(repeats))
    throw new ShapeError(
      `expand: ${formatShape(shape)} does not repeat to ${formatShape(to)}; only axes of size 1 can be repeated`,
    );
  checkShape("expand", resolved);
  return resolved;
}

/** @throws RangeError unless there is a pair of integers >= 0 for every axis */
export function resolvePadding(
  shape: Shape,
  amounts: readonly (readonly number[])[],
  value: number,
): Padding {
  if (amounts.length !== shape.length)
    throw new RangeError(
      `pad: needs [before, after] for each axis of ${formatShape(shape)}, got ${amounts.length} ` +
        `${amounts.length === 1 ? "pair" : "pairs"}; give [0, 0] where nothing is added`,
    );
  for (const [axis, pair] of amounts.entries())
    if (pair.length !== 2 || !pair.every((amount) => Number.isInteger(amount) && amount >= 0))
      throw new RangeError(
        `pad: axis ${axis} needs [before, after], integers >= 0, got [${pair.join(", ")}]`,
      );
  return { amounts: amounts as readonly (readonly [number, number])[], value };
}

/** @throws ShapeError unless there is a shape, and all agree but for the axis */
export function resolveConcat(shapes: readonly Shape[], axis: number): number {
  if (shapes.length === 0) throw new ShapeError("Tensor.concat: needs at least one tensor");
  const [first] = shapes;
  const along = normalizeAxis("Tensor.concat", axis, first.length);
  for (const [place, shape] of shapes.entries())
    if (shape.length !== first.length || !sameShape(shape.with(along, first[along]), first))
      throw new ShapeError(
        `Tensor.concat: tensor ${place} is ${formatShape(shape)}, tensor 0 ${formatShape(first)}; ` +
          `all sizes but that of axis ${along} must agree`,
      );
  return along;
}

/** The axis that `stack` makes. @throws ShapeError unless there is a shape, and all are the same */
export function resolveStack(shapes: readonly Shape[], axis: number): number {
  if (shapes.length === 0) throw new ShapeError("Tensor.stack: needs at least one tensor");
  const [first] = shapes;
  for (const [place, shape] of shapes.entries())
    if (!sameShape(shape, first))
      throw new ShapeError(
        `Tensor.stack: tensor ${place} is ${formatShape(shape)}, tensor 0 ${formatShape(first)}; all must agree`,
      );
  return normalizeAxis("Tensor.stack", axis, first.length + 1);
}

/** @throws TypeError unless int32, ShapeError where the shapes do not fit, RangeError for an index that is not there */
export function resolveGather(
  shape: Shape,
  axis: number,
  indices: { shape: Shape; dtype: DType; raw: { data: TypedArray } },
): number {
  const along = normalizeAxis("gather", axis, shape.length);
  requireInt32("gather", indices.dtype);
  const fits =
    indices.shape.length === shape.length &&
    indices.shape.every((extent, place) => place === along || extent <= shape[place]);
  if (!fits)
    throw new ShapeError(
      `gather: indices ${formatShape(indices.shape)} do not fit ${formatShape(shape)}; they need as many axes, ` +
        `none longer but axis ${along}`,
    );
  requireIndices("gather", indices.raw.data, shape[along], `axis ${along} of ${formatShape(shape)}`);
  return along;
}

/** Rows of 0 with a 1 at each class. @throws TypeError for numbers that are not int32, RangeError for an index outside */
export function oneHotRows(
  classes: number,
  indices: { dtype: DType; numel: number; raw: { data: TypedArray } },
): Float32Array {
  if (!Number.isInteger(classes) || classes < 1)
    throw new RangeError(`oneHot: classes must be an integer >= 1, got ${classes}`);
  if (indices.dtype !== "uint8") requireInt32("oneHot", indices.dtype);
  const { data } = indices.raw;
  requireIndices("oneHot", data, classes, `${classes} classes`);
  const rows = new Float32Array(indices.numel * classes);
  for (let row = 0; row < data.length; row++) rows[row * classes + data[row]] = 1;
  return rows;
}

function requireInt32(name: string, dtype: DType): void {
  if (dtype !== "int32")
    throw new TypeError(
      `${name}: indices must be int32, got ${dtype}; use tensor(indices, { dtype: "int32" })`,
    );
}

function requireIndices(name: string, data: TypedArray, extent: number, of: string): void {
  for (let place = 0; place < data.length; place++)
    if (!(data[place] >= 0 && data[place] < extent))
      throw new RangeError(
        `${name}: index ${data[place]} (element ${place}) is not in ${of}; indices go from 0 to ${extent - 1}`,
      );
}
