import type { Tensor } from "../tensor/tensor.ts";
import { checkPair, checkReduction, type ElementLossOptions, reduceElements } from "./reduction.ts";

/**
 * Mean absolute error: L = 1/n Σ |ŷ − y| over all n elements. Outliers count for less than in the mean squared error.
 * Its gradient is the sign of ŷ − y, and 0 where both are equal.
 *
 * @param prediction ŷ, of any shape
 * @param target y, of the same shape
 * @param options.reduction `"mean"` (default), `"sum"`, or `"none"` for each element's |ŷ − y|
 * @param options.lengths steps that count of each sequence, for `[batch, time, …]`; default all
 * @returns a scalar, or the prediction's shape for `"none"`
 * @throws ShapeError unless both have one shape
 * @throws RangeError if there is no element to take the mean of
 * @example
 * losses.meanAbsoluteError(tensor([[1], [4]]), tensor([[2], [2]])).item(); // 1.5
 */
export function meanAbsoluteError(
  prediction: Tensor,
  target: Tensor,
  options: ElementLossOptions = {},
): Tensor {
  const { reduction = "mean" } = options;
  checkPair("meanAbsoluteError", prediction, target);
  checkReduction("meanAbsoluteError", reduction, prediction);
  return reduceElements("meanAbsoluteError", prediction.sub(target).abs(), options);
}
