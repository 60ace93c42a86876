import type { Generator } from "../../random/index.ts";

/** One number for every image, or `[low, high]`: each image draws its own, uniformly in between. */
export type Range = number | readonly [number, number];

export interface Limits {
  readonly least?: number;
  readonly most?: number;
  /** Exclude `least` itself. */
  readonly above?: boolean;
  readonly whole?: boolean;
}

/** @throws RangeError unless low <= high, both finite and within the limits */
export function checkedRange(
  operation: string,
  name: string,
  range: Range,
  { least = -Infinity, most = Infinity, above = false, whole = false }: Limits = {},
): readonly [number, number] {
  const [low, high] = Array.isArray(range) ? (range as [number, number]) : [range as number, range as number];
  const fits = (value: number): boolean =>
    (whole ? Number.isInteger(value) : Number.isFinite(value)) &&
    (above ? value > least : value >= least) &&
    value <= most;
  if (!(low <= high) || !fits(low) || !fits(high)) {
    const kind = whole ? "whole number" : "number";
    const lower = least > -Infinity ? ` ${above ? ">" : ">="} ${least}` : "";
    const upper = most < Infinity ? ` and <= ${most}` : "";
    throw new RangeError(
      `${operation}: ${name} must be a ${kind}${lower}${upper}, or [low, high] of them with low <= high, ` +
        `got ${Array.isArray(range) ? `[${range.join(", ")}]` : String(range)}`,
    );
  }
  return [low, high];
}

/** A range of one number costs no draw. */
export function draw([low, high]: readonly [number, number], generator: Generator): number {
  return low === high ? low : low + (high - low) * generator.uniform();
}

/** Each whole number from low to high is equally likely. */
export function drawWhole([low, high]: readonly [number, number], generator: Generator): number {
  return low === high ? low : low + generator.integer(high - low + 1);
}

/** @throws RangeError unless it lies in [0, 1] */
export function checkedProbability(operation: string, probability: number): number {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`${operation}: probability must lie in [0, 1], got ${probability}`);
  }
  return probability;
}

/** True with this probability; certainty costs no draw. */
export function happens(probability: number, generator: Generator): boolean {
  return probability >= 1 || (probability > 0 && generator.uniform() < probability);
}
