import type { RawArray } from "../backend/backend.ts";
import { type Shape, sameShape, sizeOf } from "../util/shape.ts";

/** Undo broadcasting in a gradient: what was read many times adds up. The gradient itself where nothing was. */
export function sumTo(gradient: RawArray, shape: Shape): RawArray {
  if (sameShape(gradient.shape, shape)) return gradient;
  const { backend } = gradient;
  const missing = gradient.shape.length - shape.length;
  let result = gradient;
  // Leading axes that the operand lacked fold into one sum; then each axis of size 1 that was stretched.
  const leading = sizeOf(gradient.shape.slice(0, missing));
  if (leading !== 1) result = sumAxis(result, 1, leading, sizeOf(gradient.shape.slice(missing)));
  let current = gradient.shape.slice(missing);
  for (const [axis, extent] of shape.entries()) {
    if (current[axis] === extent) continue;
    result = sumAxis(result, sizeOf(current.slice(0, axis)), current[axis], sizeOf(current.slice(axis + 1)));
    current = current.with(axis, 1);
  }
  return backend.reshape(result, shape);
}

function sumAxis(x: RawArray, outer: number, length: number, inner: number): RawArray {
  return x.backend.reduce("sum", x, outer, length, inner, [outer * inner]);
}
