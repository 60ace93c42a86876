import type { RawArray } from "./backend.ts";
import { type Rounding, rounding } from "./reference/rounding.ts";
import { ROWS } from "./summation.ts";

/** What batch normalization computes once a channel, in TypeScript on both backends; sums come in float64. */

/** Pieces of a sum over `rows`. */
export const piecesOf = (rows: number): number => Math.ceil(rows / ROWS);

/** Each channel's 1/√(variance + ε). */
export function inverseDeviation(variance: RawArray, epsilon: number): Float64Array {
  const round = rounding(variance.dtype);
  const offset = round(epsilon);
  return Float64Array.from(variance.data, (value) => round(1 / round(Math.sqrt(round(value + offset)))));
}

/** Each channel's scale/√(variance + ε). */
export function channelFactors(inverse: Float64Array, scale: RawArray): Float64Array {
  const round = rounding(scale.dtype);
  return inverse.map((value, c) => round(value * scale.data[c]));
}

/** The sums of `gradient` and of `gradient · (x − mean)`, per channel. */
export interface GradientSums {
  readonly plain: Float64Array;
  readonly centred: Float64Array;
}

/**
 * dx = factor · ((dy − a) − (x − mean) · b): a and b are what the mean and the variance pass on, the former
 * Σ dy / rows, the latter Σ dy (x − mean) / (variance + ε) / rows; 0 where they are constants.
 */
export function inputTerms(
  { plain, centred }: GradientSums,
  inverse: Float64Array,
  rows: number,
  training: boolean,
  round: Rounding,
): { a: Float64Array; b: Float64Array } {
  if (!training) return { a: new Float64Array(plain.length), b: new Float64Array(plain.length) };
  return {
    a: plain.map((sum) => round(sum / rows)),
    b: centred.map((sum, c) => round((sum * inverse[c] * inverse[c]) / rows)),
  };
}
