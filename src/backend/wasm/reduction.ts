import type { MakeArray, RawArray, ReduceKind, ReductionBackend } from "../backend.ts";
import { pieceRows } from "../summation.ts";
import { PARALLEL_ELEMENTS, pointerOf } from "./dispatch.ts";
import { jobs } from "./jobs.ts";
import { kernels, threads } from "./kernels.ts";
import { reduceKinds } from "./kinds.ts";

/** Elements of a chunk of the work, at least. */
const CHUNK_ELEMENTS = 16384;
const MAXIMUM_JOB_CHUNKS = 2048;

export const reduction = (make: MakeArray): ReductionBackend => ({
  reduce(kind, x, outer, length, inner, shape) {
    const out = make(shape, x.dtype);
    if (out.size === 0) return out;
    const code = reduceKinds.indexOf(kind);
    if (length > pieceRows(inner)) {
      const pieces = reducePieces(make, kind, x, outer, length, inner);
      const each = Math.ceil(length / pieceRows(inner));
      kernels.joinPieces(code, pointerOf(pieces), pointerOf(out), outer, each, inner);
      pieces.release(kind);
    } else if (x.size < PARALLEL_ELEMENTS)
      kernels.reduce(code, pointerOf(x), pointerOf(out), outer, length, inner);
    else {
      // Whole matrices to a chunk, or some columns of one.
      const matrix = length * inner;
      const outers = Math.max(1, Math.ceil(CHUNK_ELEMENTS / matrix), Math.ceil(outer / MAXIMUM_JOB_CHUNKS));
      const columns = outer > 1 ? inner : Math.max(16, Math.ceil(CHUNK_ELEMENTS / length / 16) * 16);
      const across = Math.ceil(inner / columns);
      const args = [code, pointerOf(x), pointerOf(out), outer, length, inner, outers, columns, across];
      threads.run(jobs.reduce, args, Math.ceil(outer / outers) * across);
    }
    return out;
  },

  argmax(x, outer, length, inner, shape) {
    const out = make(shape, "int32");
    kernels.argmax(pointerOf(x), pointerOf(out), outer, length, inner);
    return out;
  },
});

/** The pieces of every [length, inner], not yet joined: float64 in memory of twice as many float32. */
export function reducePieces(
  make: MakeArray,
  kind: ReduceKind,
  x: RawArray,
  outer: number,
  length: number,
  inner: number,
): RawArray {
  const rows = pieceRows(inner);
  const each = Math.ceil(length / rows);
  const count = outer * each;
  const out = make([count * inner * 2], "float32");
  const together = Math.max(
    1,
    Math.ceil(CHUNK_ELEMENTS / (rows * inner)),
    Math.ceil(count / MAXIMUM_JOB_CHUNKS),
  );
  const args = [
    reduceKinds.indexOf(kind),
    pointerOf(x),
    pointerOf(out),
    length,
    inner,
    rows,
    each,
    count,
    together,
  ];
  threads.run(jobs.reducePieces, args, Math.ceil(count / together));
  return out;
}
