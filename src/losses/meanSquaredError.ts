import type { Tensor } from "../tensor/tensor.ts";
import type { ElementLossOptions } from "./reduction.ts";
import { squaredError } from "./squaredError.ts";

/**
 * Mean squared error, for regression: L = 1/n Σ (ŷ − y)² over all n elements.
 *
 * @param prediction ŷ, of any shape
 * @param target y, of the same shape
 * @param options.reduction `"mean"` (default), `"sum"`, or `"none"` for each element's (ŷ − y)²
 * @param options.lengths steps that count of each sequence, for `[batch, time, …]`; default all
 * @returns a scalar, or the prediction's shape for `"none"`
 * @throws ShapeError unless both have one shape
 * @throws RangeError if there is no element to take the mean of
 * @example
 * losses.meanSquaredError(tensor([[1], [4]]), tensor([[2], [2]])).item(); // 2.5
 */
export function meanSquaredError(
  prediction: Tensor,
  target: Tensor,
  options: ElementLossOptions = {},
): Tensor {
  return squaredError("meanSquaredError", prediction, target, options);
}
