import type { ExtremeKind, MakeArray, RawArray, ReductionBackend } from "../backend.ts";
import { CHUNK, pieceRows } from "../summation.ts";
import { CHUNK_ELEMENTS, PARALLEL_ELEMENTS, pointerOf, runTasks } from "./dispatch.ts";
import { jobs } from "./jobs.ts";
import { kernels, threads } from "./kernels.ts";
import { extremeCode } from "./kinds.ts";
import { allocate, memory, releaseBlock } from "./memory.ts";

const MAXIMUM_JOB_CHUNKS = 2048;

export const reduction = (make: MakeArray): ReductionBackend => ({
  reduce(kind, x, outer, length, inner, shape) {
    const out = make(shape, x.dtype);
    if (out.size === 0) return out;
    if (kind === "sum") sum(make, x, out, outer, length, inner);
    else extreme(make, kind, x, out, outer, length, inner);
    return out;
  },

  argExtreme(kind, x, outer, length, inner, shape) {
    const out = make(shape, "int32");
    if (out.size === 0) return out;
    const columns = columnsABlock(outer, length, inner);
    const blocks = Math.ceil(inner / columns);
    const args = [extremeCode(kind, x.dtype), pointerOf(x), pointerOf(out), length, inner, columns, blocks];
    runTasks("place", args, outer * blocks, length * columns);
    return out;
  },

  sumsOfSquares,
});

function sum(
  make: MakeArray,
  x: RawArray,
  out: RawArray,
  outer: number,
  length: number,
  inner: number,
): void {
  const rows = pieceRows(inner);
  if (length > rows) {
    const each = Math.ceil(length / rows);
    const pieces = make([2 * outer * each * inner], "float32"); // float64 takes twice the place
    runTasks(
      "sumPieces",
      [pointerOf(x), pointerOf(pieces), length, inner, rows, each],
      outer * each,
      rows * inner,
    );
    kernels.joinPieces(pointerOf(pieces), pointerOf(out), outer, each, inner);
    pieces.release("sum");
  } else if (x.size < PARALLEL_ELEMENTS) kernels.sum(pointerOf(x), pointerOf(out), outer, length, inner);
  else {
    // Whole matrices to a chunk, or some columns of one.
    const outers = Math.max(
      1,
      Math.ceil(CHUNK_ELEMENTS / (length * inner)),
      Math.ceil(outer / MAXIMUM_JOB_CHUNKS),
    );
    const columns = columnsABlock(outer, length, inner);
    const across = Math.ceil(inner / columns);
    const args = [pointerOf(x), pointerOf(out), outer, length, inner, outers, columns, across];
    threads.run(jobs.sum, args, Math.ceil(outer / outers) * across);
  }
}

/** Address, length and sum of a piece, as float64. */
const TABLE_COLUMNS = 3;

function sumsOfSquares(arrays: readonly RawArray[]): number[] {
  const sizes = arrays.map(({ size }) => size);
  const pieces = sizes.reduce((count, size) => count + Math.ceil(size / CHUNK), 0);
  const elements = sizes.reduce((sum, size) => sum + size, 0);
  if (elements === 0) return sizes;
  const block = allocate(8 * TABLE_COLUMNS * pieces);
  const table = new Float64Array(memory.buffer, block.pointer, TABLE_COLUMNS * pieces);
  let row = 0;
  for (const array of arrays)
    for (let start = 0; start < array.size; start += CHUNK, row += TABLE_COLUMNS) {
      table[row] = pointerOf(array) + 4 * start;
      table[row + 1] = Math.min(CHUNK, array.size - start);
    }
  runTasks("sumSquares", [block.pointer], pieces, Math.ceil(elements / pieces));
  row = 0;
  const sums = sizes.map((size) => {
    let sum = 0;
    for (let start = 0; start < size; start += CHUNK, row += TABLE_COLUMNS) sum += table[row + 2];
    return sum;
  });
  releaseBlock(block);
  return sums;
}

/** Long columns go in pieces for the threads' sake; the extreme of the pieces' extremes is the extreme of all. */
function extreme(
  make: MakeArray,
  kind: ExtremeKind,
  x: RawArray,
  out: RawArray,
  outer: number,
  length: number,
  inner: number,
): void {
  const rows = Math.max(1, Math.min(length, pieceRows(inner)));
  const each = Math.max(1, Math.ceil(length / rows));
  const pieces = each > 1 ? make([outer * each * inner], x.dtype) : out;
  const columns = columnsABlock(outer * each, rows, inner);
  const blocks = Math.ceil(inner / columns);
  const code = extremeCode(kind, x.dtype);
  const args = [code, pointerOf(x), pointerOf(pieces), length, inner, rows, each, columns, blocks];
  runTasks("extreme", args, outer * each * blocks, rows * columns);
  if (each === 1) return;
  extreme(make, kind, pieces, out, outer, each, inner);
  pieces.release(kind);
}

/** All columns of a matrix, unless there is only one matrix to share. */
const columnsABlock = (matrices: number, length: number, inner: number): number =>
  matrices > 1 ? inner : Math.min(inner, Math.max(16, Math.ceil(CHUNK_ELEMENTS / length / 16) * 16));
