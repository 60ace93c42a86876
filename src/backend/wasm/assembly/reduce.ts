// Sums in float64 by the rule of backend/summation.ts, and extrema.
import { address, integer } from "./args";
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
  return folded(s0, s1, s2, s3, s4, s5, s6, s7);
}

// Sixteen running sums, two to a vector, folded in halves.
// @ts-ignore: decorator
@inline
export function folded(s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128): f64 {
  const even = f64x2.add(f64x2.add(s0, s4), f64x2.add(s2, s6)), odd = f64x2.add(f64x2.add(s1, s5), f64x2.add(s3, s7));
  const both = f64x2.add(even, odd);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

// @ts-ignore: decorator
@inline
function put<T>(out: usize, index: i32, value: f64): void {
  store<T>(out + <usize>index * sizeof<T>(), <T>value);
}

// Four columns from two pairs, or the first few of them.
// @ts-ignore: decorator
@inline
function putColumns<T>(out: usize, column: i32, count: i32, low: v128, high: v128): void {
  put<T>(out, column, f64x2.extract_lane(low, 0));
  if (count > 1) put<T>(out, column + 1, f64x2.extract_lane(low, 1));
  if (count > 2) put<T>(out, column + 2, f64x2.extract_lane(high, 0));
  if (count > 3) put<T>(out, column + 3, f64x2.extract_lane(high, 1));
}

// Down the columns from `column` to `end` of [rows, inner]; sixteen at a time, a cache line, where there are as many.
// @ts-ignore: decorator
@inline
function sumColumns<T>(x: usize, out: usize, rows: i32, inner: i32, column: i32, end: i32): void {
  const row = <usize>inner << 2;
  for (; column + 16 <= end; column += 16) {
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    let at = x + (<usize>column << 2);
    for (let k = 0; k < rows; k++) {
      const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48);
      s0 = f64x2.add(s0, low(a));
      s1 = f64x2.add(s1, high(a));
      s2 = f64x2.add(s2, low(b));
      s3 = f64x2.add(s3, high(b));
      s4 = f64x2.add(s4, low(c));
      s5 = f64x2.add(s5, high(c));
      s6 = f64x2.add(s6, low(d));
      s7 = f64x2.add(s7, high(d));
      at += row;
    }
    putColumns<T>(out, column, 4, s0, s1);
    putColumns<T>(out, column + 4, 4, s2, s3);
    putColumns<T>(out, column + 8, 4, s4, s5);
    putColumns<T>(out, column + 12, 4, s6, s7);
  }
  for (; column < end; column += 4) {
    const count = min(4, end - column);
    let s0 = f64x2.splat(0), s1 = s0;
    let at = x + (<usize>column << 2);
    for (let k = 0; k < rows; k++) {
      const values = lanesFrom(at, count);
      s0 = f64x2.add(s0, low(values));
      s1 = f64x2.add(s1, high(values));
      at += row;
    }
    putColumns<T>(out, column, count, s0, s1);
  }
}

// The greatest (kind 1) or least (kind 2).
// @ts-ignore: decorator
@inline
function extremeColumns<T>(kind: i32, x: usize, out: usize, rows: i32, inner: i32, column: i32, end: i32): void {
  const row = <usize>inner << 2;
  for (; column < end; column += 4) {
    const count = min(4, end - column);
    let best = f32x4.splat(kind == 1 ? -Infinity : Infinity);
    let at = x + (<usize>column << 2);
    for (let k = 0; k < rows; k++) {
      const values = lanesFrom(at, count);
      best = kind == 1 ? f32x4.max(best, values) : f32x4.min(best, values);
      at += row;
    }
    putColumns<T>(out, column, count, low(best), high(best));
  }
}

// One [rows, inner], or its columns from `column` to `end`, to numbers of type T.
// @ts-ignore: decorator
@inline
function reduceMatrix<T>(kind: i32, x: usize, out: usize, rows: i32, inner: i32, column: i32, end: i32): void {
  if (inner == 1) put<T>(out, 0, kind == 0 ? chunkSum(x, rows) : <f64>(kind == 1 ? greatestOf(x, rows) : leastOf(x, rows)));
  else if (kind == 0) sumColumns<T>(x, out, rows, inner, column, end);
  else extremeColumns<T>(kind, x, out, rows, inner, column, end);
}

// The greater (or lesser) of two vectors; NaN if either is.
// @ts-ignore: decorator
@inline
function further(greatest: bool, x: v128, y: v128): v128 {
  return greatest ? f32x4.max(x, y) : f32x4.min(x, y);
}

// @ts-ignore: decorator
@inline
function extremeOf(greatest: bool, x: usize, n: i32): f32 {
  let best = f32x4.splat(greatest ? -Infinity : Infinity);
  let i = 0;
  if (n >= 16) {
    // Four at once, since each waits for the one before.
    let b1 = best, b2 = best, b3 = best;
    for (; i + 16 <= n; i += 16) {
      best = further(greatest, best, v128.load(x));
      b1 = further(greatest, b1, v128.load(x, 16));
      b2 = further(greatest, b2, v128.load(x, 32));
      b3 = further(greatest, b3, v128.load(x, 48));
      x += 64;
    }
    best = further(greatest, further(greatest, best, b1), further(greatest, b2, b3));
  }
  for (; i + 4 <= n; i += 4) {
    best = further(greatest, best, v128.load(x));
    x += 16;
  }
  for (; i < n; i++) {
    best = further(greatest, best, v128.load32_splat(x));
    x += 4;
  }
  best = further(greatest, best, v128.shuffle<f32>(best, best, 2, 3, 0, 1));
  return f32x4.extract_lane(further(greatest, best, v128.shuffle<f32>(best, best, 1, 0, 3, 2)), 0);
}

export function greatestOf(x: usize, n: i32): f32 {
  return extremeOf(true, x, n);
}

function leastOf(x: usize, n: i32): f32 {
  return extremeOf(false, x, n);
}

// The middle of [outer, length, inner], where the length is one piece by the rule of backend/summation.ts.
export function reduce(kind: i32, x: usize, out: usize, outer: i32, length: i32, inner: i32): void {
  reduceColumns(kind, x, out, outer, length, inner, 0, inner);
}

function reduceColumns(
  kind: i32, x: usize, out: usize, outer: i32, length: i32, inner: i32, column: i32, end: i32,
): void {
  for (let o = 0; o < outer; o++) {
    reduceMatrix<f32>(kind, x, out, length, inner, column, end);
    x += <usize>length * <usize>inner << 2;
    out += <usize>inner << 2;
  }
}

// kind, x, out, outer, length, inner, outer ones a chunk, columns a chunk, chunks across
export function reduceJob(args: usize, chunk: i32, scratch: usize): void {
  const length = integer(args, 4), inner = integer(args, 5), columns = integer(args, 7), across = integer(args, 8);
  const first = (chunk / across) * integer(args, 6), column = (chunk % across) * columns;
  const count = min(integer(args, 6), integer(args, 3) - first);
  const x = address(args, 1) + (<usize>first * <usize>length * <usize>inner << 2);
  const out = address(args, 2) + (<usize>first * <usize>inner << 2);
  reduceColumns(integer(args, 0), x, out, count, length, inner, column, min(inner, column + columns));
}

// kind, x, out (float64), length, inner, rows a piece, pieces of each [length, inner], pieces in all, pieces a chunk
export function reducePiecesJob(args: usize, chunk: i32, scratch: usize): void {
  const length = integer(args, 3), inner = integer(args, 4), rows = integer(args, 5), pieces = integer(args, 6);
  const first = chunk * integer(args, 8), end = min(first + integer(args, 8), integer(args, 7));
  for (let piece = first; piece < end; piece++) {
    const row = (piece % pieces) * rows;
    const x = address(args, 1) + ((<usize>(piece / pieces) * <usize>length + <usize>row) * <usize>inner << 2);
    const out = address(args, 2) + (<usize>piece * <usize>inner << 3);
    reduceMatrix<f64>(integer(args, 0), x, out, min(rows, length - row), inner, 0, inner);
  }
}

// The pieces of each [pieces, inner], in order.
export function joinPieces(kind: i32, x: usize, out: usize, outer: i32, pieces: i32, inner: i32): void {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      let at = x + ((<usize>o * <usize>pieces * <usize>inner + <usize>i) << 3);
      let result: f64 = kind == 0 ? 0 : load<f64>(at);
      for (let piece = 0; piece < pieces; piece++) {
        const value = load<f64>(at);
        result = kind == 0 ? result + value : kind == 1 ? max(result, value) : min(result, value);
        at += <usize>inner << 3;
      }
      store<f32>(out, <f32>result);
      out += 4;
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
