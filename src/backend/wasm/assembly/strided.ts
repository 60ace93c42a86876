// Copies between a dense array and a view of one, a matrix at a time; strides in elements of 4 bytes or 1.

// @ts-ignore: decorator
@inline
function gather<T>(x: usize, rowStride: i32, columnStride: i32, out: usize, rows: i32, columns: i32): void {
  const size = <usize>columns * sizeof<T>();
  for (let row = 0; row < rows; row++) {
    let at = x + <isize>row * <isize>rowStride * sizeof<T>();
    if (columnStride == 1) {
      memory.copy(out, at, size);
      out += size;
    } else
      for (let column = 0; column < columns; column++) {
        store<T>(out, load<T>(at));
        at += <isize>columnStride * sizeof<T>();
        out += sizeof<T>();
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
