import type { MakeArray, ReduceKind, ReductionBackend } from "../backend.ts";
import { CHUNK, LANES, ROWS } from "../summation.ts";

export const reduction = (make: MakeArray): ReductionBackend => ({
  reduce(kind, x, outer, length, inner, shape) {
    const out = make(shape, x.dtype);
    const column = new Float64Array(length);
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        for (let k = 0; k < length; k++) column[k] = x.data[(o * length + k) * inner + i];
        out.data[o * inner + i] = reduceColumn(kind, column, inner === 1);
      }
    return out;
  },

  argExtreme(kind, x, outer, length, inner, shape) {
    const out = make(shape, "int32");
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        let best = 0;
        for (let k = 1; k < length; k++) {
          const extreme = x.data[(o * length + best) * inner + i];
          const value = x.data[(o * length + k) * inner + i];
          const further = kind === "max" ? value > extreme : value < extreme;
          if (further || (Number.isNaN(value) && !Number.isNaN(extreme))) best = k;
        }
        out.data[o * inner + i] = best;
      }
    return out;
  },

  sumsOfSquares: (arrays) =>
    arrays.map(({ data }) =>
      reduceColumn(
        "sum",
        Float64Array.from(data, (x) => x * x),
        true,
      ),
    ),
});

/** `contiguous` columns lie side by side; the sums are made as `summation.ts` says. */
export function reduceColumn(kind: ReduceKind, column: Float64Array, contiguous: boolean): number {
  if (kind === "max") return column.reduce((greatest, x) => Math.max(greatest, x), -Infinity);
  if (kind === "min") return column.reduce((least, x) => Math.min(least, x), Infinity);
  const rows = contiguous ? CHUNK : ROWS;
  let total = 0;
  for (let start = 0; start < column.length; start += rows) {
    const piece = column.subarray(start, start + rows);
    total += contiguous ? laneSum(piece) : piece.reduce((sum, x) => sum + x, 0);
  }
  return total;
}

function laneSum(chunk: Float64Array): number {
  const lanes = new Float64Array(LANES);
  for (let i = 0; i < chunk.length; i++) lanes[i % LANES] += chunk[i];
  for (let width = LANES / 2; width >= 1; width /= 2)
    for (let lane = 0; lane < width; lane++) lanes[lane] += lanes[lane + width];
  return lanes[0];
}
