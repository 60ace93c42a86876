// The softmax family over rows; everything is shifted by the row's greatest value, so that exp cannot overflow.
import { lanesAt, putLanes } from "./lanes";
import { exp4, log4 } from "./math";
import { greatestOf, sumOf } from "./reduce";

// out ← exp(x − max x); returns the sum.
function exponentials(x: usize, out: usize, n: i32, greatest: f32): f32 {
  const shift = f32x4.splat(greatest);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = <usize>i << 2;
    v128.store(out + at, exp4(f32x4.sub(v128.load(x + at), shift)));
  }
  if (i < n) {
    const at = <usize>i << 2;
    putLanes(out + at, exp4(f32x4.sub(lanesAt(x + at, n - i), shift)), n - i);
  }
  return sumOf(out, n);
}

function logOf(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}

export function softmax(x: usize, out: usize, rows: i32, n: i32): void {
  const stride = <usize>n << 2;
  for (let row = 0; row < rows; row++) {
    const sum = exponentials(x, out, n, greatestOf(x, n));
    for (let i: usize = 0; i < stride; i += 4) store<f32>(out + i, load<f32>(out + i) / sum);
    x += stride;
    out += stride;
  }
}

export function logSoftmax(x: usize, out: usize, rows: i32, n: i32): void {
  const stride = <usize>n << 2;
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, n);
    const logSum = logOf(exponentials(x, out, n, greatest));
    for (let i: usize = 0; i < stride; i += 4) store<f32>(out + i, load<f32>(x + i) - greatest - logSum);
    x += stride;
    out += stride;
  }
}

// scratch: room for one row
export function crossEntropy(x: usize, labels: usize, out: usize, rows: i32, n: i32, scratch: usize): void {
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, n);
    const logSum = logOf(exponentials(x, scratch, n, greatest));
    store<f32>(out, logSum - (load<f32>(x + (<usize>load<i32>(labels) << 2)) - greatest));
    x += <usize>n << 2;
    labels += 4;
    out += 4;
  }
}

export function crossEntropyGradient(gradient: usize, x: usize, labels: usize, out: usize, rows: i32, n: i32): void {
  softmax(x, out, rows, n);
  for (let row = 0; row < rows; row++) {
    const label = load<i32>(labels);
    const scale = load<f32>(gradient);
    for (let j = 0; j < n; j++) {
      const target: f32 = j == label ? 1 : 0;
      store<f32>(out, scale * (load<f32>(out) - target));
      out += 4;
    }
    labels += 4;
    gradient += 4;
  }
}
