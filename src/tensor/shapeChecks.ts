import { ShapeError } from "../util/errors.ts";
import { formatShape, type Shape, sizeOf } from "../util/shape.ts";

/** Rows of the left matrix, leading axes folded in. @throws ShapeError unless the product exists */
export function checkMatmul(name: string, left: Shape, right: Shape): number {
  if (left.length < 2 || right.length !== 2)
    throw new ShapeError(
      `${name}: needs a matrix on the right and two dimensions or more on the left, got ` +
        `${formatShape(left)} @ ${formatShape(right)}; reshape a vector to [1, n] or [n, 1]`,
    );
  const inner = left[left.length - 1];
  if (inner !== right[0])
    throw new ShapeError(
      `${name}: inner sizes differ, ${formatShape(left)} @ ${formatShape(right)} (${inner} against ${right[0]})`,
    );
  return sizeOf(left.slice(0, -1));
}

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
