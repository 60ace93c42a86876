import type { Transposed } from "../ops/index.ts";
import { ShapeError } from "../util/errors.ts";
import { broadcastShapes, formatShape, type Shape, sizeOf } from "../util/shape.ts";

/**
 * A vector on the left is a row, on the right a column.
 * @throws ShapeError unless the product exists
 */
export function checkMatmul(left: Shape, right: Shape, transposed: Transposed): void {
  const sides = [
    { shape: left, flip: transposed.left },
    { shape: right, flip: transposed.right },
  ];
  const asked = sides.map(({ shape, flip }) => formatShape(shape) + (flip ? "ᵀ" : "")).join(" @ ");
  for (const { shape, flip } of sides) {
    if (shape.length === 0) throw new ShapeError(`matmul: a scalar is no matrix, in ${asked}; use mul`);
    if (flip && shape.length === 1)
      throw new ShapeError(`matmul: a vector has no two axes to exchange, in ${asked}`);
  }
  const [a, b] = [
    left[transposed.left ? left.length - 2 : left.length - 1],
    innerOf(right, transposed.right),
  ];
  if (a !== b) throw new ShapeError(`matmul: inner sizes differ, ${asked} (${a} against ${b})`);
  broadcastShapes(`matmul: leading axes of ${asked}`, left.slice(0, -2), right.slice(0, -2));
}

const innerOf = (right: Shape, transposed: boolean): number =>
  right[transposed || right.length === 1 ? right.length - 1 : right.length - 2];

/** The shape that `reshape` was asked for, −1 worked out. @throws ShapeError unless the elements fill it */
export function resolveShape(from: Shape, to: Shape): Shape {
  const unknown = to.indexOf(-1);
  const known = sizeOf(to.filter((extent) => extent !== -1));
  const size = sizeOf(from);
  const resolved = unknown < 0 ? [...to] : to.with(unknown, size / known);
  checkReshape(from, to, resolved);
  return resolved;
}

function checkReshape(from: Shape, asked: Shape, resolved: Shape): void {
  if (resolved.some((extent) => !Number.isInteger(extent) || extent < 0) || sizeOf(resolved) !== sizeOf(from))
    throw new ShapeError(
      `reshape: ${sizeOf(from)} elements of ${formatShape(from)} do not fill ${formatShape(asked)}`,
    );
}
