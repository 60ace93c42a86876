// out[o, j, i] = x[o, indices[o, j, i], i], and the sums that lead back.
import { address, integer } from "./args";

// @ts-ignore: decorator
@inline
function pick<T>(x: usize, indices: usize, out: usize, inner: i32): void {
  for (let i = 0; i < inner; i++) {
    store<T>(out, load<T>(x + (<usize>load<i32>(indices) * <usize>inner + <usize>i) * sizeof<T>()));
    indices += 4;
    out += sizeof<T>();
  }
}

// bytes an element, x, indices, out, length of x, length of the indices, inner, rows, rows a chunk
export function pickJob(args: usize, chunk: i32, scratch: usize): void {
  const bytes = integer(args, 0), length = integer(args, 5), inner = integer(args, 6), stride = <usize>inner * <usize>bytes;
  const first = chunk * integer(args, 8), end = min(first + integer(args, 8), integer(args, 7));
  const matrix = <usize>integer(args, 4) * stride;
  let j = first % length, x = address(args, 1) + <usize>(first / length) * matrix;
  let indices = address(args, 2) + (<usize>first * <usize>inner << 2), out = address(args, 3) + <usize>first * stride;
  for (let row = first; row < end; row++) {
    if (bytes == 4) pick<u32>(x, indices, out, inner);
    else pick<u8>(x, indices, out, inner);
    indices += <usize>inner << 2;
    out += stride;
    if (++j < length) continue;
    j = 0;
    x += matrix;
  }
}

// gradient, indices, out (zeros), length of out, length of the indices, inner, outer, outer ones a chunk
export function addPickedJob(args: usize, chunk: i32, scratch: usize): void {
  const outLength = integer(args, 3), length = integer(args, 4), inner = integer(args, 5);
  const first = chunk * integer(args, 7), end = min(first + integer(args, 7), integer(args, 6));
  const skip = <usize>first * <usize>length * <usize>inner << 2;
  let gradient = address(args, 0) + skip, indices = address(args, 1) + skip;
  for (let o = first; o < end; o++) {
    const out = address(args, 2) + (<usize>o * <usize>outLength * <usize>inner << 2);
    for (let j = 0; j < length; j++)
      for (let i = 0; i < inner; i++) {
        const at = out + ((<usize>load<i32>(indices) * <usize>inner + <usize>i) << 2);
        store<f32>(at, load<f32>(at) + load<f32>(gradient));
        indices += 4;
        gradient += 4;
      }
  }
}
