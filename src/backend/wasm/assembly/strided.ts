// Copies between a dense array and a view of one, a matrix at a time; strides in elements, sizes 4 or 1 bytes.

export function gather4(x: usize, rowStride: i32, columnStride: i32, out: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    let at = x + ((<isize>row * <isize>rowStride) << 2);
    if (columnStride == 1) {
      memory.copy(out, at, <usize>columns << 2);
      out += <usize>columns << 2;
    } else
      for (let column = 0; column < columns; column++) {
        store<u32>(out, load<u32>(at));
        at += <isize>columnStride << 2;
        out += 4;
      }
  }
}

export function scatter4(x: usize, out: usize, rowStride: i32, columnStride: i32, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    let at = out + ((<isize>row * <isize>rowStride) << 2);
    for (let column = 0; column < columns; column++) {
      store<u32>(at, load<u32>(x));
      at += <isize>columnStride << 2;
      x += 4;
    }
  }
}
