import { type Shape, sizeOf, stridesOf } from "../util/shape.ts";
import type { View } from "./backend.ts";

/** Strides that read a dense array of `shape` as the broader shape `to`: 0 along the axes that are repeated. */
export function broadcastStrides(shape: Shape, to: Shape): number[] {
  const own = stridesOf(shape);
  const missing = to.length - shape.length;
  return to.map((extent, axis) =>
    axis < missing || shape[axis - missing] !== extent ? 0 : own[axis - missing],
  );
}

/** The places of a view's elements, in row-major order. */
export function* offsets(view: View): Generator<number, undefined> {
  const { shape, strides } = view;
  if (shape.includes(0)) return undefined;
  const index = new Array<number>(shape.length).fill(0);
  let offset = view.offset;
  for (;;) {
    yield offset;
    let axis = shape.length - 1;
    for (; axis >= 0; axis--) {
      offset += strides[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
    if (axis < 0) return undefined;
  }
}

/** The places where a view's matrices (its last two axes) begin. */
export function leadingOffsets({ shape, strides, offset }: View): Generator<number, undefined> {
  if (shape.slice(-2).includes(0)) return offsets({ shape: [0], strides: [0], offset });
  return offsets({ shape: shape.slice(0, -2), strides: strides.slice(0, -2), offset });
}

/** Rows and columns of an array whose last axis is a row. */
export function rowsOf(shape: Shape): [number, number] {
  return [sizeOf(shape.slice(0, -1)), shape[shape.length - 1]];
}
