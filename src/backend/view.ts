import { type Shape, sizeOf, stridesOf } from "../util/shape.ts";
import type { RawArray, View } from "./backend.ts";

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

/** The same elements in the same order over fewer axes: those of size 1 go, and neighbours that lie as one are joined. */
export function compact({ shape, strides, offset }: View): View {
  const [sizes, steps]: [number[], number[]] = [[], []];
  for (const [axis, extent] of shape.entries()) {
    const last = sizes.length - 1;
    if (extent === 1) continue;
    if (last >= 0 && steps[last] === strides[axis] * extent) {
      sizes[last] *= extent;
      steps[last] = strides[axis];
    } else {
      sizes.push(extent);
      steps.push(strides[axis]);
    }
  }
  return { shape: sizes, strides: steps, offset };
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

/** Where `pick` reads in an array of `shape`, for each of the indices. */
export function pickedPlaces(indices: RawArray, axis: number, shape: Shape): Int32Array {
  const strides = stridesOf(shape);
  const step = strides[axis];
  const chosen = indices.data;
  const places = new Int32Array(indices.size);
  let i = 0;
  for (const offset of offsets({ shape: indices.shape, strides: strides.with(axis, 0), offset: 0 }))
    places[i] = offset + chosen[i++] * step;
  return places;
}
