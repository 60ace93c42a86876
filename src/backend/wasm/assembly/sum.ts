// Sums in float64 by the rule of backend/summation.ts.
import { address, integer } from "./args";
import { high, lanesAt, low } from "./lanes";

// @ts-ignore: decorator
@inline
function lanesFrom(at: usize, count: i32): v128 {
  return count > 0 ? lanesAt(at, count) : f32x4.splat(0);
}

// @ts-ignore: decorator
@inline
function pairAt(at: usize, offset: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at + offset));
}

// @ts-ignore: decorator
@inline
function term(x: v128, square: bool): v128 {
  return square ? f64x2.mul(x, x) : x;
}

// A piece of a row, each element as it is or squared, which float64 does without rounding.
// @ts-ignore: decorator
@inline
function laneSums(x: usize, n: i32, squares: bool): f64 {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  let i = 0;
  for (; i + 16 <= n; i += 16) {
    s0 = f64x2.add(s0, term(pairAt(x, 0), squares));
    s1 = f64x2.add(s1, term(pairAt(x, 8), squares));
    s2 = f64x2.add(s2, term(pairAt(x, 16), squares));
    s3 = f64x2.add(s3, term(pairAt(x, 24), squares));
    s4 = f64x2.add(s4, term(pairAt(x, 32), squares));
    s5 = f64x2.add(s5, term(pairAt(x, 40), squares));
    s6 = f64x2.add(s6, term(pairAt(x, 48), squares));
    s7 = f64x2.add(s7, term(pairAt(x, 56), squares));
    x += 64;
  }
  if (i < n) {
    const a = lanesFrom(x, n - i), b = lanesFrom(x + 16, n - i - 4);
    const c = lanesFrom(x + 32, n - i - 8), d = lanesFrom(x + 48, n - i - 12);
    s0 = f64x2.add(s0, term(low(a), squares));
    s1 = f64x2.add(s1, term(high(a), squares));
    s2 = f64x2.add(s2, term(low(b), squares));
    s3 = f64x2.add(s3, term(high(b), squares));
    s4 = f64x2.add(s4, term(low(c), squares));
    s5 = f64x2.add(s5, term(high(c), squares));
    s6 = f64x2.add(s6, term(low(d), squares));
    s7 = f64x2.add(s7, term(high(d), squares));
  }
  return folded(s0, s1, s2, s3, s4, s5, s6, s7);
}

function chunkSum(x: usize, n: i32): f64 {
  return laneSums(x, n, false);
}

function chunkSquares(x: usize, n: i32): f64 {
  return laneSums(x, n, true);
}

// A row of any length, piece by piece by the rule of backend/summation.ts.
export function sumOf(x: usize, n: i32): f32 {
  let total: f64 = 0;
  for (let start = 0; start < n; start += 65536) total += chunkSum(x + (<usize>start << 2), min(65536, n - start));
  return <f32>total;
}

// Sixteen running sums, two to a vector, folded in halves.
// @ts-ignore: decorator
@inline
function folded(s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128): f64 {
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

// One [rows, inner], or its columns from `column` to `end`, to numbers of type T.
// @ts-ignore: decorator
@inline
function sumMatrix<T>(x: usize, out: usize, rows: i32, inner: i32, column: i32, end: i32): void {
  if (inner == 1) put<T>(out, 0, chunkSum(x, rows));
  else sumColumns<T>(x, out, rows, inner, column, end);
}

// The middle of [outer, length, inner], where the length is one piece by the rule of backend/summation.ts.
export function sum(x: usize, out: usize, outer: i32, length: i32, inner: i32): void {
  sumOfColumns(x, out, outer, length, inner, 0, inner);
}

function sumOfColumns(x: usize, out: usize, outer: i32, length: i32, inner: i32, column: i32, end: i32): void {
  for (let o = 0; o < outer; o++) {
    sumMatrix<f32>(x, out, length, inner, column, end);
    x += <usize>length * <usize>inner << 2;
    out += <usize>inner << 2;
  }
}

// x, out, outer, length, inner, outer ones a chunk, columns a chunk, chunks across
export function sumJob(args: usize, chunk: i32, scratch: usize): void {
  const length = integer(args, 3), inner = integer(args, 4), columns = integer(args, 6), across = integer(args, 7);
  const first = (chunk / across) * integer(args, 5), column = (chunk % across) * columns;
  const count = min(integer(args, 5), integer(args, 2) - first);
  const x = address(args, 0) + (<usize>first * <usize>length * <usize>inner << 2);
  const out = address(args, 1) + (<usize>first * <usize>inner << 2);
  sumOfColumns(x, out, count, length, inner, column, min(inner, column + columns));
}

// x, out (float64), length, inner, rows a piece, pieces of each [length, inner], pieces in all, pieces a chunk
export function sumPiecesJob(args: usize, chunk: i32, scratch: usize): void {
  const length = integer(args, 2), inner = integer(args, 3), rows = integer(args, 4), pieces = integer(args, 5);
  const first = chunk * integer(args, 7), end = min(first + integer(args, 7), integer(args, 6));
  for (let piece = first; piece < end; piece++) {
    const row = (piece % pieces) * rows;
    const x = address(args, 0) + ((<usize>(piece / pieces) * <usize>length + <usize>row) * <usize>inner << 2);
    const out = address(args, 1) + (<usize>piece * <usize>inner << 3);
    sumMatrix<f64>(x, out, min(rows, length - row), inner, 0, inner);
  }
}

// Each row of the table holds a piece's address and length, and receives its sum of squares.
// table (float64 [pieces, 3]), pieces, pieces a chunk
export function sumSquaresJob(args: usize, chunk: i32, scratch: usize): void {
  const first = chunk * integer(args, 2), end = min(first + integer(args, 2), integer(args, 1));
  for (let piece = first; piece < end; piece++) {
    const row = address(args, 0) + <usize>piece * 24;
    store<f64>(row + 16, chunkSquares(address(row, 0), integer(row, 1)));
  }
}

// The pieces of each [pieces, inner], in order.
export function joinPieces(x: usize, out: usize, outer: i32, pieces: i32, inner: i32): void {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      let at = x + ((<usize>o * <usize>pieces * <usize>inner + <usize>i) << 3);
      let total: f64 = 0;
      for (let piece = 0; piece < pieces; piece++) {
        total += load<f64>(at);
        at += <usize>inner << 3;
      }
      store<f32>(out, <f32>total);
      out += 4;
    }
}
