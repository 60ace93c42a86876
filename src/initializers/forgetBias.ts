import { Tensor } from "../tensor/tensor.ts";
import { hiddenSizeOf } from "./gates.ts";
import type { Initializer } from "./initializer.ts";

/**
 * For the bias of an LSTM, whose gates are i, f, g, o: the forget gate's is `value`, the others' 0. A cell then keeps
 * σ(value) of itself from step to step before anything is learned, and the gradient as much on its way back.
 * Gers et al. 2000, https://doi.org/10.1162/089976600300015015; Jozefowicz et al. 2015,
 * https://proceedings.mlr.press/v37/jozefowicz15.html
 *
 * @throws RangeError if the value is no finite number, or the bias is not that of four gates
 * @example
 * const layer = new nn.LSTM(8, 32, { biasInit: init.forgetBias(2) });
 */
export function forgetBias(value: number): Initializer {
  if (!Number.isFinite(value))
    throw new RangeError(`forgetBias: the value must be a finite number, got ${value}`);
  return (shape, fans) => {
    const size = hiddenSizeOf("forgetBias", 4, shape, fans);
    const bias = Tensor.zeros(shape);
    bias.raw.data.fill(value, size, 2 * size);
    return bias;
  };
}
