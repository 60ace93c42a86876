// Sums in float64 by the rule of backend/summation.ts (16 lanes, folded in halves, chunks of 65,536), and extrema.
import { high, lanesAt, low } from "./lanes";

// @ts-ignore: decorator
@inline
function lanesFrom(at: usize, count: i32): v128 {
  return count > 0 ? lanesAt(at, count) : f32x4.splat(0);
}

function chunkSum(x: usize, n: i32): f64 {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  let i = 0;
  for (; i + 16 <= n; i += 16) {
    const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
    s0 = f64x2.add(s0, low(a));
    s1 = f64x2.add(s1, high(a));
    s2 = f64x2.add(s2, low(b));
    s3 = f64x2.add(s3, high(b));
    s4 = f64x2.add(s4, low(c));
    s5 = f64x2.add(s5, high(c));
    s6 = f64x2.add(s6, low(d));
    s7 = f64x2.add(s7, high(d));
    x += 64;
  }
  if (i < n) {
    const a = lanesFrom(x, n - i), b = lanesFrom(x + 16, n - i - 4);
    const c = lanesFrom(x + 32, n - i - 8), d = lanesFrom(x + 48, n - i - 12);
    s0 = f64x2.add(s0, low(a));
    s1 = f64x2.add(s1, high(a));
    s2 = f64x2.add(s2, low(b));
    s3 = f64x2.add(s3, high(b));
    s4 = f64x2.add(s4, low(c));
    s5 = f64x2.add(s5, high(c));
    s6 = f64x2.add(s6, low(d));
    s7 = f64x2.add(s7, high(d));
  }
  s0 = f64x2.add(f64x2.add(f64x2.add(s0, s4), f64x2.add(s2, s6)), f64x2.add(f64x2.add(s1, s5), f64x2.add(s3, s7)));
  return f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
}

export function sumOf(x: usize, n: i32): f32 {
  let total: f64 = 0;
  for (let start = 0; start < n; start += 65536)
    total += chunkSum(x + (<usize>start << 2), min(65536, n - start));
  return <f32>total;
}

// Sum, greatest (kind 1) or least (kind 2) over the rows of [length, inner], four columns at a time.
function reduceColumns(kind: i32, x: usize, out: usize, length: i32, inner: i32): void {
  const row = <usize>inner << 2;
  for (let column = 0; column < inner; column += 4) {
    const count = min(4, inner - column);
    let at = x + (<usize>column << 2);
    const to = out + (<usize>column << 2);
    if (kind == 0) {
      let s0 = f64x2.splat(0), s1 = s0;
      for (let k = 0; k < length; k++) {
        const values = lanesFrom(at, count);
        s0 = f64x2.add(s0, low(values));
        s1 = f64x2.add(s1, high(values));
        at += row;
      }
      store<f32>(to, <f32>f64x2.extract_lane(s0, 0));
      if (count > 1) store<f32>(to, <f32>f64x2.extract_lane(s0, 1), 4);
      if (count > 2) store<f32>(to, <f32>f64x2.extract_lane(s1, 0), 8);
      if (count > 3) store<f32>(to, <f32>f64x2.extract_lane(s1, 1), 12);
    } else {
      let best = f32x4.splat(kind == 1 ? -Infinity : Infinity);
      for (let k = 0; k < length; k++) {
        const values = lanesFrom(at, count);
        best = kind == 1 ? f32x4.max(best, values) : f32x4.min(best, values);
        at += row;
      }
      store<f32>(to, f32x4.extract_lane(best, 0));
      if (count > 1) store<f32>(to, f32x4.extract_lane(best, 1), 4);
      if (count > 2) store<f32>(to, f32x4.extract_lane(best, 2), 8);
      if (count > 3) store<f32>(to, f32x4.extract_lane(best, 3), 12);
    }
  }
}

export function greatestOf(x: usize, n: i32): f32 {
  let best = f32x4.splat(-Infinity);
  let i = 0;
  for (; i + 4 <= n; i += 4) best = f32x4.max(best, v128.load(x + (<usize>i << 2)));
  let greatest = max(
    max(f32x4.extract_lane(best, 0), f32x4.extract_lane(best, 1)),
    max(f32x4.extract_lane(best, 2), f32x4.extract_lane(best, 3)),
  );
  for (; i < n; i++) greatest = max(greatest, load<f32>(x + (<usize>i << 2)));
  return greatest;
}

function leastOf(x: usize, n: i32): f32 {
  let least: f32 = Infinity;
  for (let i = 0; i < n; i++) least = min(least, load<f32>(x + (<usize>i << 2)));
  return least;
}

export function reduce(kind: i32, x: usize, out: usize, outer: i32, length: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    const from = x + <usize>o * <usize>length * <usize>inner * 4;
    const to = out + <usize>o * <usize>inner * 4;
    if (inner > 1) reduceColumns(kind, from, to, length, inner);
    else store<f32>(to, kind == 0 ? sumOf(from, length) : kind == 1 ? greatestOf(from, length) : leastOf(from, length));
  }
}

export function argmax(x: usize, out: usize, outer: i32, length: i32, inner: i32): void {
  const step = <usize>inner << 2;
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      let at = x + (<usize>(o * length) * <usize>inner + <usize>i) * 4;
      let greatest = load<f32>(at), best = 0;
      for (let k = 1; k < length && greatest == greatest; k++) {
        at += step;
        const value = load<f32>(at);
        if (value > greatest || value != value) {
          greatest = value;
          best = k;
        }
      }
      store<i32>(out + (<usize>(o * inner + i) << 2), best);
    }
}
