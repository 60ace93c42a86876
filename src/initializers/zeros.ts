import { Tensor } from "../tensor/tensor.ts";
import type { Shape } from "../util/shape.ts";

/** Zeros: right for a bias. Weights that all start at zero stay equal to one another and learn nothing. */
export function zeros(shape: Shape): Tensor {
  return Tensor.zeros(shape);
}
