import type { TypedArray } from "../backend/backend.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, type Shape, sizeOf } from "../util/shape.ts";

/** Numbers nested to any depth, as they are written down; every list of a level has the same length. */
export type NestedNumbers = number | boolean | TypedArray | readonly NestedNumbers[];

/**
 * The shape of nested numbers, and the numbers in row-major order.
 * @throws ShapeError where lists of one level differ in length
 * @throws TypeError for anything that is not a number
 */
export function flatten(nested: NestedNumbers): { shape: Shape; values: ArrayLike<number> } {
  if (ArrayBuffer.isView(nested)) return { shape: [nested.length], values: nested };
  const shape: number[] = [];
  for (let level: NestedNumbers | undefined = nested; isList(level); level = level[0])
    shape.push(level.length);
  const values = new Float64Array(sizeOf(shape));
  let count = 0;
  const visit = (level: NestedNumbers, depth: number): void => {
    if (isList(level)) {
      if (level.length !== shape[depth])
        throw new ShapeError(
          `tensor: lists of one level must have one length, got ${shape[depth] ?? "a number"} and ${level.length} ` +
            `(level ${depth} of ${formatShape(shape)})`,
        );
      for (const item of level) visit(item, depth + 1);
    } else if (depth !== shape.length) {
      throw new ShapeError(
        `tensor: a number stands where level ${depth} of ${formatShape(shape)} needs a list`,
      );
    } else if (typeof level === "number" || typeof level === "boolean") {
      values[count++] = Number(level);
    } else {
      throw new TypeError(`tensor: expected numbers, got ${level === null ? "null" : typeof level}`);
    }
  };
  visit(nested, 0);
  return { shape, values };
}

const isList = (level: NestedNumbers | undefined): level is readonly NestedNumbers[] =>
  Array.isArray(level) || ArrayBuffer.isView(level);

/** Row-major values as nested lists; a scalar is its number. */
export function nest(values: ArrayLike<number>, shape: Shape): NestedNumbers {
  if (shape.length === 0) return values[0];
  const step = sizeOf(shape.slice(1));
  return Array.from({ length: shape[0] }, (_, index) => {
    if (shape.length === 1) return values[index];
    return nest(Array.prototype.slice.call(values, index * step, (index + 1) * step), shape.slice(1));
  });
}
