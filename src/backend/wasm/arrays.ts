import type { ArrayBackend, MakeArray, RawArray, View } from "../backend.ts";
import { leadingOffsets, offsets } from "../view.ts";
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
    if (x.dtype === "uint8") return copyBytes(x, view, out);
    const { rows, columns, rowStride, columnStride } = matrixOf(view);
    let to = pointerOf(out);
    for (const offset of leadingOffsets(view)) {
      kernels.gather4(pointerOf(x) + offset * 4, rowStride, columnStride, to, rows, columns);
      to += rows * columns * 4;
    }
    return out;
  },

  scatter(x, view, shape) {
    const out = empty(shape, x.dtype);
    out.data.fill(0);
    const { rows, columns, rowStride, columnStride } = matrixOf(view);
    let from = pointerOf(x);
    for (const offset of leadingOffsets(view)) {
      kernels.scatter4(from, pointerOf(out) + offset * 4, rowStride, columnStride, rows, columns);
      from += rows * columns * 4;
    }
    return out;
  },
});

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

function copyBytes(x: RawArray, view: View, out: RawArray): RawArray {
  const [from, to] = [x.data, out.data];
  let index = 0;
  for (const offset of offsets(view)) to[index++] = from[offset];
  return out;
}
