import type { ExtremeKind, MakeArray, RawArray, ReductionBackend } from "../backend.ts";
import { pieceRows } from "../summation.ts";
import { CHUNK_ELEMENTS, PARALLEL_ELEMENTS, pointerOf, runTasks } from "./dispatch.ts";
import { jobs } from "./jobs.ts";
import { kernels, threads } from "./kernels.ts";
import { extremeCode } from "./kinds.ts";

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
