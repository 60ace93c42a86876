import type { ArrayBackend, MakeArray, View } from "../backend.ts";
import { compact, leadingOffsets, pickedPlaces } from "../view.ts";
import { pointerOf } from "./dispatch.ts";
import { kernels } from "./kernels.ts";
import type { WasmArray } from "./wasmArray.ts";

export const arrays = (empty: MakeArray): ArrayBackend => ({
  empty,

  from(data, shape, dtype) {
    const array = empty(shape, dtype);
    array.data.set(data);
    return array;
  },

  fill(x, value) {
    x.data.fill(value);
  },

  reshape: (x, shape) => (x as WasmArray).reshaped(shape),

  gather(x, view) {
    const out = empty(view.shape, x.dtype);
    const [gather, bytes] = x.dtype === "uint8" ? [kernels.gather1, 1] : [kernels.gather4, 4];
    eachMatrix(view, (offset, index, rowStride, columnStride, rows, columns) => {
      const [from, to] = [pointerOf(x) + offset * bytes, pointerOf(out) + index * bytes];
      gather(from, rowStride, columnStride, to, rows, columns);
    });
    return out;
  },

  write(x, view, into) {
    const [write, bytes] = x.dtype === "uint8" ? [kernels.write1, 1] : [kernels.write4, 4];
    eachMatrix(view, (offset, index, rowStride, columnStride, rows, columns) => {
      const [from, to] = [pointerOf(x) + index * bytes, pointerOf(into) + offset * bytes];
      write(from, to, rowStride, columnStride, rows, columns);
    });
  },

  pick(x, indices, axis) {
    const out = empty(indices.shape, x.dtype);
    const places = pickedPlaces(indices, axis, x.shape);
    const [from, to] = [x.data, out.data];
    for (let i = 0; i < places.length; i++) to[i] = from[places[i]];
    return out;
  },

  addPicked(x, indices, axis, shape) {
    const out = empty(shape, x.dtype);
    const places = pickedPlaces(indices, axis, shape);
    const [from, to] = [x.data, out.data];
    to.fill(0);
    for (let i = 0; i < places.length; i++) to[places[i]] += from[i];
    return out;
  },
});

type MatrixWork = (
  offset: number,
  index: number,
  rowStride: number,
  columnStride: number,
  rows: number,
  columns: number,
) => void;

/** A view's matrices (the last two of as few axes as it takes): where each lies, and how many elements came before. */
function eachMatrix(view: View, work: MatrixWork): void {
  const joined = compact(view);
  const { rows, columns, rowStride, columnStride } = matrixOf(joined);
  let index = 0;
  for (const offset of leadingOffsets(joined)) {
    work(offset, index, rowStride, columnStride, rows, columns);
    index += rows * columns;
  }
}

/** The last two axes of a view; missing ones have size 1. */
function matrixOf({ shape, strides }: View): {
  rows: number;
  columns: number;
  rowStride: number;
  columnStride: number;
} {
  const last = shape.length - 1;
  return {
    rows: shape[last - 1] ?? 1,
    columns: shape[last] ?? 1,
    rowStride: strides[last - 1] ?? 0,
    columnStride: strides[last] ?? 1,
  };
}
