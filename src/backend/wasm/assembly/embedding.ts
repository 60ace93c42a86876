// Rows of a table by index, and their gradient, added row by row in the order of the indices.
import { lanesAt, putLanes } from "./lanes";

export function embedding(table: usize, indices: usize, out: usize, count: i32, width: i32): void {
  const row = <usize>width << 2;
  for (let i = 0; i < count; i++) {
    memory.copy(out, table + <usize>load<i32>(indices) * row, row);
    indices += 4;
    out += row;
  }
}

export function embeddingGradient(gradient: usize, indices: usize, out: usize, count: i32, width: i32): void {
  const row = <usize>width << 2;
  for (let i = 0; i < count; i++) {
    const to = out + <usize>load<i32>(indices) * row;
    for (let j = 0; j < width; j += 4) {
      const at = <usize>j << 2;
      putLanes(to + at, f32x4.add(lanesAt(to + at, width - j), lanesAt(gradient + at, width - j)), width - j);
    }
    indices += 4;
    gradient += row;
  }
}
