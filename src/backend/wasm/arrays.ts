import { sameShape, type Shape, sizeOf, stridesOf } from "../../util/shape.ts";
import type { ArrayBackend, MakeArray, RawArray, View } from "../backend.ts";
import { compact } from "../view.ts";
import { CHUNK_ELEMENTS, pointerOf, runTasks } from "./dispatch.ts";
import type { WasmArray } from "./wasmArray.ts";

export const arrays = (empty: MakeArray): ArrayBackend => {
  const backend: ArrayBackend = {
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
      copy(x, view, out, false);
      return out;
    },

    write(x, view, into) {
      copy(into, view, x, true);
    },

    pick(x, indices, axis) {
      const out = empty(indices.shape, x.dtype);
      if (out.size === 0) return out;
      // Along the other axes there may be fewer indices than elements.
      const reached = indices.shape.with(axis, x.shape[axis]);
      const whole = sameShape(reached, x.shape);
      const from = whole ? x : backend.gather(x, corner(x.shape, reached));
      const [outer, length, inner] = around(indices.shape, axis);
      const places = [from, indices, out].map(pointerOf);
      const args = [bytesOf(x), ...places, x.shape[axis], length, inner];
      runTasks("pick", args, outer * length, inner);
      if (!whole) from.release("gather");
      return out;
    },

    addPicked(x, indices, axis, shape) {
      const reached = indices.shape.with(axis, shape[axis]);
      const sums = empty(reached, x.dtype);
      sums.data.fill(0);
      const [outer, length, inner] = around(indices.shape, axis);
      if (x.size > 0) {
        const args = [...[x, indices, sums].map(pointerOf), shape[axis], length, inner];
        runTasks("addPicked", args, outer, length * inner);
      }
      if (sameShape(reached, shape)) return sums;
      const out = empty(shape, x.dtype);
      out.data.fill(0);
      backend.write(sums, corner(shape, reached), out);
      sums.release("gather");
      return out;
    },
  };
  return backend;
};

/** Columns of a tile whose rows are columns of the array: each lies in a page of its own. */
const TRANSPOSED_COLUMNS = 256;

/** Between a view of one array and another, dense one, in tiles. */
function copy(viewed: RawArray, view: View, dense: RawArray, into: boolean): void {
  if (dense.size === 0) return;
  const { shape, strides, offset } = compact(view);
  const leading = Math.max(0, shape.length - 2);
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const [rowStride, columnStride] = [strides.at(-2) ?? 0, strides.at(-1) ?? 1];
  const transposed = Math.abs(rowStride) < Math.abs(columnStride);
  const wide = Math.min(columns, transposed ? TRANSPOSED_COLUMNS : CHUNK_ELEMENTS);
  const high = Math.min(rows, 16 * Math.ceil(CHUNK_ELEMENTS / wide / 16));
  const bytes = bytesOf(dense);
  const axes = shape.slice(0, leading).flatMap((extent, axis) => [strides[axis], extent]);
  runTasks(
    "copy",
    [
      ...[into ? 1 : 0, bytes, pointerOf(viewed) + offset * bytes, pointerOf(dense)],
      ...[rows, columns, rowStride, columnStride, high, wide],
    ],
    sizeOf(shape.slice(0, leading)) * Math.ceil(rows / high) * Math.ceil(columns / wide),
    high * wide,
    [leading, ...axes.reverse()],
  );
}

const bytesOf = (x: RawArray): number => (x.dtype === "uint8" ? 1 : 4);

/** The first elements along every axis. */
const corner = (whole: Shape, shape: Shape): View => ({ shape, strides: stridesOf(whole), offset: 0 });

function around(shape: Shape, axis: number): [number, number, number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
}
