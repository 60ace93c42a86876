// The softmax family over rows; everything is shifted by the row's greatest value, so that exp cannot overflow.
import { address, integer } from "./args";
import { greatestOf } from "./extreme";
import { high, lanesAt, low, putLanes } from "./lanes";
import { exp4, log4 } from "./math";
import { folded } from "./sum";

// exp(x − shift) of `count` lanes, the others 0; stored where there is a place.
// @ts-ignore: decorator
@inline
function tail(x: usize, out: usize, count: i32, shift: v128): v128 {
  if (count <= 0) return f32x4.splat(0);
  const values = exp4(f32x4.sub(lanesAt(x, count), shift));
  if (out) putLanes(out, values, count);
  return v128.and(values, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}

// The sum of exp(x − greatest) over one piece, as sum.ts makes it; out ← the exponentials, unless out is 0. The shift
// comes as a number: where vectors are joined to 256 bits, Node 26 aborts over one that is a parameter.
function pieceSum(x: usize, out: usize, n: i32, greatest: f32): f64 {
  const shift = f32x4.splat(greatest);
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (let i = 0; i < n; i += 16) {
    let a: v128, b: v128, c: v128, d: v128;
    if (i + 16 <= n) {
      a = exp4(f32x4.sub(v128.load(x), shift));
      b = exp4(f32x4.sub(v128.load(x, 16), shift));
      c = exp4(f32x4.sub(v128.load(x, 32), shift));
      d = exp4(f32x4.sub(v128.load(x, 48), shift));
      if (out) {
        v128.store(out, a);
        v128.store(out, b, 16);
        v128.store(out, c, 32);
        v128.store(out, d, 48);
      }
    } else {
      a = tail(x, out, n - i, shift);
      b = tail(x + 16, out ? out + 16 : 0, n - i - 4, shift);
      c = tail(x + 32, out ? out + 32 : 0, n - i - 8, shift);
      d = tail(x + 48, out ? out + 48 : 0, n - i - 12, shift);
    }
    s0 = f64x2.add(s0, low(a));
    s1 = f64x2.add(s1, high(a));
    s2 = f64x2.add(s2, low(b));
    s3 = f64x2.add(s3, high(b));
    s4 = f64x2.add(s4, low(c));
    s5 = f64x2.add(s5, high(c));
    s6 = f64x2.add(s6, low(d));
    s7 = f64x2.add(s7, high(d));
    x += 64;
    if (out) out += 64;
  }
  return folded(s0, s1, s2, s3, s4, s5, s6, s7);
}

function exponentials(x: usize, out: usize, n: i32, greatest: f32): f32 {
  let total: f64 = 0;
  for (let start = 0; start < n; start += 65536) {
    const skip = <usize>start << 2;
    total += pieceSum(x + skip, out ? out + skip : 0, min(65536, n - start), greatest);
  }
  return <f32>total;
}

function logOf(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}

export function softmax(x: usize, out: usize, rows: i32, n: i32): void {
  for (let row = 0; row < rows; row++) {
    const sum = f32x4.splat(exponentials(x, out, n, greatestOf(x, n)));
    for (let i = 0; i < n; i += 4) putLanes(out + (<usize>i << 2), f32x4.div(lanesAt(out + (<usize>i << 2), n - i), sum), n - i);
    x += <usize>n << 2;
    out += <usize>n << 2;
  }
}

export function logSoftmax(x: usize, out: usize, rows: i32, n: i32): void {
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, n);
    const shift = f32x4.splat(greatest), logSum = f32x4.splat(logOf(exponentials(x, 0, n, greatest)));
    for (let i = 0; i < n; i += 4) {
      putLanes(out, f32x4.sub(f32x4.sub(lanesAt(x, n - i), shift), logSum), n - i);
      const step = <usize>min(4, n - i) << 2;
      x += step;
      out += step;
    }
  }
}

export function crossEntropy(x: usize, labels: usize, out: usize, rows: i32, n: i32): void {
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, n);
    const logSum = logOf(exponentials(x, 0, n, greatest));
    store<f32>(out, logSum - (load<f32>(x + (<usize>load<i32>(labels) << 2)) - greatest));
    x += <usize>n << 2;
    labels += 4;
    out += 4;
  }
}

// gradient · (softmax − oneHot(label)): all but the label's element are gradient · softmax.
export function crossEntropyGradient(gradient: usize, x: usize, labels: usize, out: usize, rows: i32, n: i32): void {
  for (let row = 0; row < rows; row++) {
    const total = exponentials(x, out, n, greatestOf(x, n)), scale = load<f32>(gradient);
    const at = out + (<usize>load<i32>(labels) << 2), labelled = scale * (load<f32>(at) / total - 1);
    const sum = f32x4.splat(total), scales = f32x4.splat(scale);
    for (let i = 0; i < n; i += 4) {
      const place = out + (<usize>i << 2);
      putLanes(place, f32x4.mul(scales, f32x4.div(lanesAt(place, n - i), sum)), n - i);
    }
    store<f32>(at, labelled);
    x += <usize>n << 2;
    out += <usize>n << 2;
    labels += 4;
    gradient += 4;
  }
}

// kind, rows, n, rows a chunk, x, out, labels, gradient
export function softmaxJob(args: usize, chunk: i32, scratch: usize): void {
  const n = integer(args, 2), first = chunk * integer(args, 3), rows = min(integer(args, 3), integer(args, 1) - first);
  const matrix = <usize>first * <usize>n << 2, vector = <usize>first << 2;
  const x = address(args, 4) + matrix, out = address(args, 5), labels = address(args, 6) + vector;
  switch (integer(args, 0)) {
    case 0: softmax(x, out + matrix, rows, n); break;
    case 1: logSoftmax(x, out + matrix, rows, n); break;
    case 2: crossEntropy(x, labels, out + vector, rows, n); break;
    case 3: crossEntropyGradient(address(args, 7) + vector, x, labels, out + matrix, rows, n); break;
  }
}
