// The greatest and the least of float32 or int32, and where they first stand. Of floats, a NaN counts as both.
import { address, integer } from "./args";
import { lanesAt, putLanes } from "./lanes";

// @ts-ignore: decorator
@inline
function worst<E>(greatest: bool): v128 {
  if (isInteger<E>()) return i32x4.splat(greatest ? i32.MIN_VALUE : i32.MAX_VALUE);
  return f32x4.splat(greatest ? -Infinity : Infinity);
}

// @ts-ignore: decorator
@inline
function further<E>(greatest: bool, x: v128, y: v128): v128 {
  if (isInteger<E>()) return greatest ? i32x4.max_s(x, y) : i32x4.min_s(x, y);
  return greatest ? f32x4.max(x, y) : f32x4.min(x, y);
}

// Four lanes, of which those past the count cannot win.
// @ts-ignore: decorator
@inline
function contenders<E>(greatest: bool, x: usize, count: i32): v128 {
  const within = i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3));
  return v128.bitselect(lanesAt(x, count), worst<E>(greatest), within);
}

// @ts-ignore: decorator
@inline
function extremeOf<E>(greatest: bool, x: usize, n: i32): E {
  let best = worst<E>(greatest);
  let i = 0;
  if (n >= 16) {
    // Four at once, since each waits for the one before.
    let b1 = best, b2 = best, b3 = best;
    for (; i + 16 <= n; i += 16) {
      best = further<E>(greatest, best, v128.load(x));
      b1 = further<E>(greatest, b1, v128.load(x, 16));
      b2 = further<E>(greatest, b2, v128.load(x, 32));
      b3 = further<E>(greatest, b3, v128.load(x, 48));
      x += 64;
    }
    best = further<E>(greatest, further<E>(greatest, best, b1), further<E>(greatest, b2, b3));
  }
  for (; i + 4 <= n; i += 4) {
    best = further<E>(greatest, best, v128.load(x));
    x += 16;
  }
  if (i < n) best = further<E>(greatest, best, contenders<E>(greatest, x, n - i));
  best = further<E>(greatest, best, v128.shuffle<i32>(best, best, 2, 3, 0, 1));
  best = further<E>(greatest, best, v128.shuffle<i32>(best, best, 1, 0, 3, 2));
  return v128.extract_lane<E>(best, 0);
}

export function greatestOf(x: usize, n: i32): f32 {
  return extremeOf<f32>(true, x, n);
}

// Down the columns from `column` to `end` of [rows, inner]; sixteen at a time, a cache line, where there are as many.
// @ts-ignore: decorator
@inline
function extremeColumns<E>(greatest: bool, x: usize, out: usize, rows: i32, inner: i32, column: i32, end: i32): void {
  const row = <usize>inner << 2;
  for (; column + 16 <= end; column += 16) {
    let b0 = worst<E>(greatest), b1 = b0, b2 = b0, b3 = b0;
    let at = x + (<usize>column << 2);
    for (let k = 0; k < rows; k++) {
      b0 = further<E>(greatest, b0, v128.load(at));
      b1 = further<E>(greatest, b1, v128.load(at, 16));
      b2 = further<E>(greatest, b2, v128.load(at, 32));
      b3 = further<E>(greatest, b3, v128.load(at, 48));
      at += row;
    }
    const to = out + (<usize>column << 2);
    v128.store(to, b0);
    v128.store(to, b1, 16);
    v128.store(to, b2, 32);
    v128.store(to, b3, 48);
  }
  for (; column < end; column += 4) {
    let best = worst<E>(greatest);
    let at = x + (<usize>column << 2);
    for (let k = 0; k < rows; k++) {
      best = further<E>(greatest, best, lanesAt(at, end - column));
      at += row;
    }
    putLanes(out + (<usize>column << 2), best, end - column);
  }
}

// @ts-ignore: decorator
@inline
function extremeMatrix<E>(greatest: bool, x: usize, out: usize, rows: i32, inner: i32, column: i32, end: i32): void {
  if (inner == 1) store<E>(out, extremeOf<E>(greatest, x, rows));
  else extremeColumns<E>(greatest, x, out, rows, inner, column, end);
}

// One [rows, inner], or its columns from `column` to `end`. Kinds: max and min of float32, then of int32.
function extremeOfKind(kind: i32, x: usize, out: usize, rows: i32, inner: i32, column: i32, end: i32): void {
  switch (kind) {
    case 0: extremeMatrix<f32>(true, x, out, rows, inner, column, end); break;
    case 1: extremeMatrix<f32>(false, x, out, rows, inner, column, end); break;
    case 2: extremeMatrix<i32>(true, x, out, rows, inner, column, end); break;
    case 3: extremeMatrix<i32>(false, x, out, rows, inner, column, end); break;
  }
}

// kind, x, out, length, inner, rows a piece, pieces of each [length, inner], columns a block, blocks, tasks, tasks a chunk
export function extremeJob(args: usize, chunk: i32, scratch: usize): void {
  const kind = integer(args, 0), length = integer(args, 3), inner = integer(args, 4), rows = integer(args, 5);
  const pieces = integer(args, 6), columns = integer(args, 7), blocks = integer(args, 8);
  const first = chunk * integer(args, 10), end = min(first + integer(args, 10), integer(args, 9));
  // Counted, since a division takes as long as a short row.
  let block = first % blocks, piece = (first / blocks) % pieces;
  let x = address(args, 1) + (<usize>(first / blocks / pieces) * <usize>length * <usize>inner << 2);
  let out = address(args, 2) + (<usize>(first / blocks) * <usize>inner << 2);
  for (let task = first; task < end; task++) {
    const row = piece * rows, column = block * columns;
    extremeOfKind(kind, x + (<usize>row * <usize>inner << 2), out, min(rows, length - row), inner, column, min(inner, column + columns));
    if (++block < blocks) continue;
    block = 0;
    out += <usize>inner << 2;
    if (++piece < pieces) continue;
    piece = 0;
    x += <usize>length * <usize>inner << 2;
  }
}

// Where a lane takes the place of the best so far.
// @ts-ignore: decorator
@inline
function beats<E>(greatest: bool, x: v128, best: v128): v128 {
  if (isInteger<E>()) return greatest ? i32x4.gt_s(x, best) : i32x4.lt_s(x, best);
  const isFirstNaN = v128.andnot(f32x4.ne(x, x), f32x4.ne(best, best));
  return v128.or(greatest ? f32x4.gt(x, best) : f32x4.lt(x, best), isFirstNaN);
}

// @ts-ignore: decorator
@inline
function same<E>(x: v128, y: v128): v128 {
  if (isInteger<E>()) return i32x4.eq(x, y);
  return v128.or(f32x4.eq(x, y), v128.and(f32x4.ne(x, x), f32x4.ne(y, y)));
}

// Find the extreme, then the first element that is it.
// @ts-ignore: decorator
@inline
function placeIn<E>(greatest: bool, x: usize, n: i32): i32 {
  const best = v128.splat<E>(extremeOf<E>(greatest, x, n));
  for (let i = 0; i < n; i += 4) {
    const found = i32x4.bitmask(same<E>(lanesAt(x + (<usize>i << 2), n - i), best));
    if (found) return i + ctz(found);
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function placeDown<E>(greatest: bool, x: usize, out: usize, rows: i32, inner: i32, column: i32, end: i32): void {
  const row = <usize>inner << 2;
  for (; column < end; column += 4) {
    let at = x + (<usize>column << 2);
    let best = lanesAt(at, end - column), place = i32x4.splat(0);
    for (let k = 1; k < rows; k++) {
      at += row;
      const values = lanesAt(at, end - column), better = beats<E>(greatest, values, best);
      best = v128.bitselect(values, best, better);
      place = v128.bitselect(i32x4.splat(k), place, better);
    }
    putLanes(out + (<usize>column << 2), place, end - column);
  }
}

// @ts-ignore: decorator
@inline
function placeMatrix<E>(greatest: bool, x: usize, out: usize, rows: i32, inner: i32, column: i32, end: i32): void {
  if (inner == 1) store<i32>(out, placeIn<E>(greatest, x, rows));
  else placeDown<E>(greatest, x, out, rows, inner, column, end);
}

function placeOfKind(kind: i32, x: usize, out: usize, rows: i32, inner: i32, column: i32, end: i32): void {
  switch (kind) {
    case 0: placeMatrix<f32>(true, x, out, rows, inner, column, end); break;
    case 1: placeMatrix<f32>(false, x, out, rows, inner, column, end); break;
    case 2: placeMatrix<i32>(true, x, out, rows, inner, column, end); break;
    case 3: placeMatrix<i32>(false, x, out, rows, inner, column, end); break;
  }
}

// kind, x, out, length, inner, columns a block, blocks, tasks, tasks a chunk
export function placeJob(args: usize, chunk: i32, scratch: usize): void {
  const kind = integer(args, 0), length = integer(args, 3), inner = integer(args, 4);
  const columns = integer(args, 5), blocks = integer(args, 6);
  const first = chunk * integer(args, 8), end = min(first + integer(args, 8), integer(args, 7));
  let block = first % blocks;
  let x = address(args, 1) + (<usize>(first / blocks) * <usize>length * <usize>inner << 2);
  let out = address(args, 2) + (<usize>(first / blocks) * <usize>inner << 2);
  for (let task = first; task < end; task++) {
    const column = block * columns;
    placeOfKind(kind, x, out, length, inner, column, min(inner, column + columns));
    if (++block < blocks) continue;
    block = 0;
    x += <usize>length * <usize>inner << 2;
    out += <usize>inner << 2;
  }
}
