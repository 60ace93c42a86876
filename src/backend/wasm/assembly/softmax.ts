// The softmax family over rows; everything is shifted by the row's greatest value, so that exp cannot overflow.
import { address, integer } from "./args";
import { greatestOf } from "./extreme";
import { lanesAt, putLanes } from "./lanes";
import { exp4, log4 } from "./math";
import { sumOf } from "./sum";

// out ← exp(x − greatest) over a row, and their sum. The shift comes as a number: where vectors are joined to 256 bits,
// Node 26 aborts over one that is a parameter.
function exponentials(x: usize, out: usize, n: i32, greatest: f32): f32 {
  const shift = f32x4.splat(greatest);
  let at = out, left = n;
  for (; left >= 16; left -= 16) {
    const x0 = v128.load(x), x1 = v128.load(x, 16), x2 = v128.load(x, 32), x3 = v128.load(x, 48);
    const e0 = exp4(f32x4.sub(x0, shift));
    const e1 = exp4(f32x4.sub(x1, shift));
    const e2 = exp4(f32x4.sub(x2, shift));
    const e3 = exp4(f32x4.sub(x3, shift));
    v128.store(at, e0);
    v128.store(at, e1, 16);
    v128.store(at, e2, 32);
    v128.store(at, e3, 48);
    x += 64;
    at += 64;
  }
  for (; left > 0; left -= 4) {
    putLanes(at, exp4(f32x4.sub(lanesAt(x, left), shift)), left);
    x += 16;
    at += 16;
  }
  return sumOf(out, n);
}

function divide(row: usize, n: i32, by: f32): void {
  const divisor = f32x4.splat(by);
  for (; n >= 16; n -= 16) {
    const x0 = v128.load(row), x1 = v128.load(row, 16), x2 = v128.load(row, 32), x3 = v128.load(row, 48);
    const q0 = f32x4.div(x0, divisor);
    const q1 = f32x4.div(x1, divisor);
    const q2 = f32x4.div(x2, divisor);
    const q3 = f32x4.div(x3, divisor);
    v128.store(row, q0);
    v128.store(row, q1, 16);
    v128.store(row, q2, 32);
    v128.store(row, q3, 48);
    row += 64;
  }
  for (; n > 0; n -= 4) {
    putLanes(row, f32x4.div(lanesAt(row, n), divisor), n);
    row += 16;
  }
}

function logOf(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}

export function softmax(x: usize, out: usize, rows: i32, n: i32): void {
  for (let row = 0; row < rows; row++) {
    divide(out, n, exponentials(x, out, n, greatestOf(x, n)));
    x += <usize>n << 2;
    out += <usize>n << 2;
  }
}

export function logSoftmax(x: usize, out: usize, rows: i32, n: i32): void {
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, n);
    const shift = f32x4.splat(greatest), logSum = f32x4.splat(logOf(exponentials(x, out, n, greatest)));
    for (let i = 0; i < n; i += 4) {
      putLanes(out, f32x4.sub(f32x4.sub(lanesAt(x, n - i), shift), logSum), n - i);
      const step = <usize>min(4, n - i) << 2;
      x += step;
      out += step;
    }
  }
}

// The loss of each row, and its slope: softmax − oneHot(label).
export function crossEntropy(x: usize, labels: usize, out: usize, slope: usize, rows: i32, n: i32): void {
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, n), total = exponentials(x, slope, n, greatest);
    const label = <usize>load<i32>(labels) << 2, at = slope + label;
    store<f32>(out, logOf(total) - (load<f32>(x + label) - greatest));
    divide(slope, n, total);
    store<f32>(at, load<f32>(at) - 1);
    x += <usize>n << 2;
    slope += <usize>n << 2;
    labels += 4;
    out += 4;
  }
}

// kind, rows, n, rows a chunk, x, out, labels, slope
export function softmaxJob(args: usize, chunk: i32, scratch: usize): void {
  const n = integer(args, 2), first = chunk * integer(args, 3), rows = min(integer(args, 3), integer(args, 1) - first);
  const matrix = <usize>first * <usize>n << 2, vector = <usize>first << 2;
  const x = address(args, 4) + matrix, out = address(args, 5), labels = address(args, 6) + vector;
  switch (integer(args, 0)) {
    case 0: softmax(x, out + matrix, rows, n); break;
    case 1: logSoftmax(x, out + matrix, rows, n); break;
    case 2: crossEntropy(x, labels, out + vector, address(args, 7) + matrix, rows, n); break;
  }
}
