import { ShapeError } from "./errors.ts";

/** The sizes of a tensor's axes, outermost first. */
export type Shape = readonly number[];

/** The number of elements: the product of the sizes, 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

export function sameShape(left: Shape, right: Shape): boolean {
  return left.length === right.length && left.every((extent, axis) => extent === right[axis]);
}

/** "[2, 3]", as every error writes a shape. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Elements to step over for one step along each axis of a dense array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/**
 * The shape two operands broadcast to: aligned at the last axis, sizes equal or one of them 1.
 * @throws ShapeError naming the first axis (of the longer shape) that fits neither rule
 */
export function broadcastShapes(operation: string, left: Shape, right: Shape): Shape {
  if (sameShape(left, right)) return left;
  const rank = Math.max(left.length, right.length);
  const result = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const a = left[axis - rank + left.length] ?? 1;
    const b = right[axis - rank + right.length] ?? 1;
    if (a !== b && a !== 1 && b !== 1)
      throw new ShapeError(
        `${operation}: cannot broadcast ${formatShape(left)} with ${formatShape(right)} (axis ${axis}: ${a} against ${b})`,
      );
    result[axis] = a === 1 ? b : a;
  }
  return result;
}

/**
 * An axis counted from the end when negative, as a plain index.
 * @throws RangeError if there is no such axis
 */
export function normalizeAxis(operation: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw new RangeError(
      rank === 0
        ? `${operation}: a scalar has no axis ${axis}`
        : `${operation}: no axis ${axis} in ${rank} ${rank === 1 ? "dimension" : "dimensions"}; use ${-rank} to ${rank - 1}`,
    );
  return axis < 0 ? axis + rank : axis;
}

/** @throws RangeError unless every size is an integer >= 0 */
export function checkShape(operation: string, shape: Shape): void {
  for (const extent of shape)
    if (!Number.isInteger(extent) || extent < 0)
      throw new RangeError(`${operation}: sizes must be integers >= 0, got ${formatShape(shape)}`);
}
