import type { RawArray } from "../backend/backend.ts";

/** Σx² of each of several float arrays, in float64: one call where they lie on one backend. Nothing is recorded. */
export function sumsOfSquares(arrays: readonly RawArray[]): number[] {
  const { backend } = arrays[0] ?? {};
  if (!backend) return [];
  if (arrays.every((array) => array.backend === backend)) return backend.sumsOfSquares(arrays);
  return arrays.flatMap((array) => array.backend.sumsOfSquares([array]));
}
