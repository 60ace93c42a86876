import type { Tensor } from "../tensor/tensor.ts";
import { checkPair, checkReduction, type ElementLossOptions, reduceElements } from "./reduction.ts";

export interface HuberOptions extends ElementLossOptions {
  /** δ, the distance at which the square turns into a straight line. Default 1. */
  readonly delta?: number;
}

/**
 * Huber loss, squared for small errors and straight for large ones, which tames outliers. With d = ŷ − y:
 *
 *     L = ½ d²              where |d| <= δ
 *     L = δ (|d| − ½ δ)     elsewhere
 *
 * Huber 1964, https://doi.org/10.1214/aoms/1177703732.
 *
 * @param prediction ŷ, of any shape
 * @param target y, of the same shape
 * @param options.delta δ > 0, default 1
 * @param options.reduction `"mean"` (default), `"sum"`, or `"none"` for each element's own
 * @param options.lengths steps that count of each sequence, for `[batch, time, …]`; default all
 * @returns a scalar, or the prediction's shape for `"none"`
 * @throws ShapeError unless both have one shape
 * @throws RangeError unless δ > 0, or if there is no element to take the mean of
 * @example
 * losses.huber(tensor([0.5, 3]), tensor([0, 0]), { reduction: "none" }).toArray(); // [0.125, 2.5]
 */
export function huber(prediction: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  const { reduction = "mean", delta = 1 } = options;
  if (!(delta > 0 && delta < Infinity)) throw new RangeError(`huber: delta must be > 0, got ${delta}`);
  checkPair("huber", prediction, target);
  checkReduction("huber", reduction, prediction);
  // With c = d limited to ±δ, c (d − ½ c) is either piece, without a choice between them.
  const difference = prediction.sub(target);
  const limited = difference.clamp(-delta, delta);
  return reduceElements("huber", limited.mul(difference.sub(limited.mul(0.5))), options);
}
