import type { Tensor } from "../tensor/tensor.ts";
import { checkPair, type ElementLossOptions } from "./reduction.ts";
import { squaredError } from "./squaredError.ts";

/**
 * Mean squared logarithmic error: L = 1/n Σ (ln(1 + ŷ) − ln(1 + y))².
 *
 * For targets that span orders of magnitude, such as counts and prices: it weighs ratios, and too low a prediction
 * more than one as far too high.
 *
 * @param prediction ŷ > −1, of any shape; a `ReLU` or softplus at the end of the model keeps it there
 * @param target y > −1, of the same shape
 * @param options.reduction `"mean"` (default), `"sum"`, or `"none"` for each element's own
 * @param options.lengths steps that count of each sequence, for `[batch, time, …]`; default all
 * @returns a scalar, or the prediction's shape for `"none"`
 * @throws ShapeError unless both have one shape
 * @throws RangeError naming the first number <= −1, or if there is no element to take the mean of
 * @example
 * losses.meanSquaredLogarithmicError(tensor([99, 9]), tensor([9, 9])).item(); // 2.65…: ½ ln(10)²
 */
export function meanSquaredLogarithmicError(
  prediction: Tensor,
  target: Tensor,
  options: ElementLossOptions = {},
): Tensor {
  const name = "meanSquaredLogarithmicError";
  checkPair(name, prediction, target);
  checkRange(name, "prediction", prediction);
  checkRange(name, "target", target);
  return squaredError(name, prediction.log1p(), target.log1p(), options);
}

function checkRange(name: string, role: string, values: Tensor): void {
  const { data } = values.raw;
  for (let index = 0; index < data.length; index++)
    if (data[index] <= -1)
      throw new RangeError(
        `${name}: the ${role} at index ${index} is ${data[index]}, and ln(1 + x) needs x > −1` +
          (role === "prediction" ? "; let the model end in a ReLU or softplus" : ""),
      );
}
