import type { Tensor } from "../tensor/tensor.ts";
import type { ElementLossOptions } from "./reduction.ts";
import { squaredError } from "./squaredError.ts";

/**
 * Sum of squared errors: L = Σ (ŷ − y)², the mean squared error without its 1/n.
 *
 * Its gradient grows with the number of examples, so a learning rate that suits one batch size does not suit another.
 *
 * @param prediction ŷ, of any shape
 * @param target y, of the same shape
 * @param options.reduction `"sum"` (default), `"mean"`, or `"none"` for each element's (ŷ − y)²
 * @param options.lengths steps that count of each sequence, for `[batch, time, …]`; default all
 * @returns a scalar, or the prediction's shape for `"none"`
 * @throws ShapeError unless both have one shape
 * @example
 * losses.sumSquaredError(tensor([[1], [4]]), tensor([[2], [2]])).item(); // 5
 */
export function sumSquaredError(
  prediction: Tensor,
  target: Tensor,
  options: ElementLossOptions = {},
): Tensor {
  return squaredError("sumSquaredError", prediction, target, { reduction: "sum", ...options });
}
