// Copies between a dense array and a view of one, in tiles of the view's matrices (its last two axes), and what is picked
// by index. Strides are in elements, of 4 bytes or of 1.
import { address, integer } from "./args";

// Columns taken together in transposing, so that the rows after find their cache lines still there; few, since columns
// that lie a power of 2 apart compete for the same places in the cache.
const BLOCK = 16;

// @ts-ignore: decorator
@inline
function read<T>(view: usize, rowStride: i32, columnStride: i32, dense: usize, pitch: i32, rows: i32, columns: i32): void {
  const line = <usize>pitch * sizeof<T>(), down = <isize>rowStride * sizeof<T>(), step = <isize>columnStride * sizeof<T>();
  if (columnStride == 1) {
    for (let row = 0; row < rows; row++) {
      memory.copy(dense, view, <usize>columns * sizeof<T>());
      view += down;
      dense += line;
    }
    return;
  }
  const block = abs(rowStride) < abs(columnStride) ? BLOCK : columns;
  for (let first = 0; first < columns; first += block) {
    const end = min(columns, first + block);
    let from = view + <isize>first * step, to = dense + <usize>first * sizeof<T>();
    for (let row = 0; row < rows; row++) {
      let at = from;
      for (let column = first; column < end; column++) {
        store<T>(to + <usize>(column - first) * sizeof<T>(), load<T>(at));
        at += step;
      }
      from += down;
      to += line;
    }
  }
}

// @ts-ignore: decorator
@inline
function write<T>(view: usize, rowStride: i32, columnStride: i32, dense: usize, pitch: i32, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    if (columnStride == 1) memory.copy(view, dense, <usize>columns * sizeof<T>());
    else {
      let at = view, from = dense;
      for (let column = 0; column < columns; column++) {
        store<T>(at, load<T>(from));
        at += <isize>columnStride * sizeof<T>();
        from += sizeof<T>();
      }
    }
    view += <isize>rowStride * sizeof<T>();
    dense += <usize>pitch * sizeof<T>();
  }
}

// Where matrix number `index` of a view begins: its leading axes stand in the arguments from slot `first` on, each as
// extent and stride, the last one first.
function placeOf(args: usize, first: i32, axes: i32, index: i32): isize {
  let place: isize = 0;
  for (let axis = 0; axis < axes; axis++) {
    const extent = integer(args, first + 2 * axis);
    place += <isize>(index % extent) * <isize>integer(args, first + 2 * axis + 1);
    index /= extent;
  }
  return place;
}

// 1 to write into the view or 0 to read it, bytes an element, view, dense, rows, columns, row stride, column stride,
// rows a tile, columns a tile, tiles, tiles a chunk, leading axes, and those axes
export function copyJob(args: usize, chunk: i32, scratch: usize): void {
  const into = integer(args, 0), bytes = integer(args, 1), rows = integer(args, 4), columns = integer(args, 5);
  const rowStride = integer(args, 6), columnStride = integer(args, 7), high = integer(args, 8), wide = integer(args, 9);
  const across = (columns + wide - 1) / wide, each = across * ((rows + high - 1) / high);
  const first = chunk * integer(args, 11), end = min(first + integer(args, 11), integer(args, 10));
  for (let tile = first; tile < end; tile++) {
    const matrix = tile / each, row = ((tile % each) / across) * high, column = (tile % across) * wide;
    const inView = placeOf(args, 13, integer(args, 12), matrix)
      + <isize>row * <isize>rowStride + <isize>column * <isize>columnStride;
    const inDense = (<usize>matrix * <usize>rows + <usize>row) * <usize>columns + <usize>column;
    const view = address(args, 2) + inView * bytes, dense = address(args, 3) + inDense * bytes;
    const down = min(high, rows - row), along = min(wide, columns - column);
    if (into) {
      if (bytes == 4) write<u32>(view, rowStride, columnStride, dense, columns, down, along);
      else write<u8>(view, rowStride, columnStride, dense, columns, down, along);
    } else if (bytes == 4) read<u32>(view, rowStride, columnStride, dense, columns, down, along);
    else read<u8>(view, rowStride, columnStride, dense, columns, down, along);
  }
}
