import { Tensor } from "../tensor/tensor.ts";
import type { Shape } from "../util/shape.ts";

/**
 * Zeros: right for a bias. Weights that all start at zero show why initializers exist: the units of a layer receive
 * the same gradient and stay identical, and below them nothing learns at all.
 * @example
 * const layer = new nn.Linear(64, 10, { init: init.zeros });
 */
export function zeros(shape: Shape): Tensor {
  return Tensor.zeros(shape);
}
