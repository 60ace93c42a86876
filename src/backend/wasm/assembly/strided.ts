// Copies between a dense array and a view of one, a matrix at a time; strides in elements of 4 bytes or 1.

// Columns taken together in transposing, so that the rows after find their cache lines still there; few, since columns
// that lie a power of 2 apart compete for the same places in the cache.
const BLOCK = 16;

// @ts-ignore: decorator
@inline
function gather<T>(x: usize, rowStride: i32, columnStride: i32, out: usize, rows: i32, columns: i32): void {
  const line = <usize>columns * sizeof<T>(), down = <isize>rowStride * sizeof<T>(), step = <isize>columnStride * sizeof<T>();
  if (columnStride == 1) {
    for (let row = 0; row < rows; row++) {
      memory.copy(out, x, line);
      x += down;
      out += line;
    }
    return;
  }
  const block = abs(rowStride) < abs(columnStride) ? BLOCK : columns;
  for (let first = 0; first < columns; first += block) {
    const end = min(columns, first + block);
    let from = x + <isize>first * step, to = out + <usize>first * sizeof<T>();
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
function write<T>(x: usize, out: usize, rowStride: i32, columnStride: i32, rows: i32, columns: i32): void {
  const size = <usize>columns * sizeof<T>();
  for (let row = 0; row < rows; row++) {
    let at = out + <isize>row * <isize>rowStride * sizeof<T>();
    if (columnStride == 1) {
      memory.copy(at, x, size);
      x += size;
    } else
      for (let column = 0; column < columns; column++) {
        store<T>(at, load<T>(x));
        at += <isize>columnStride * sizeof<T>();
        x += sizeof<T>();
      }
  }
}

export function gather4(x: usize, rowStride: i32, columnStride: i32, out: usize, rows: i32, columns: i32): void {
  gather<u32>(x, rowStride, columnStride, out, rows, columns);
}

export function gather1(x: usize, rowStride: i32, columnStride: i32, out: usize, rows: i32, columns: i32): void {
  gather<u8>(x, rowStride, columnStride, out, rows, columns);
}

export function write4(x: usize, out: usize, rowStride: i32, columnStride: i32, rows: i32, columns: i32): void {
  write<u32>(x, out, rowStride, columnStride, rows, columns);
}

export function write1(x: usize, out: usize, rowStride: i32, columnStride: i32, rows: i32, columns: i32): void {
  write<u8>(x, out, rowStride, columnStride, rows, columns);
}
