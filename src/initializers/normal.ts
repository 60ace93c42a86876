import { Tensor } from "../tensor/tensor.ts";
import type { Initializer } from "./initializer.ts";

/**
 * Normal with a given mean and standard deviation, whatever the layer's size: what people did before LeCun. With the
 * default N(0, 1) the sums of a layer have variance n_in, so that sigmoids saturate.
 *
 * @param mean default 0
 * @param standardDeviation default 1
 * @throws RangeError if the standard deviation is negative, or either is no finite number
 * @example
 * const layer = new nn.Linear(64, 10, { init: init.normal(0, 0.01) });
 */
export function normal(mean: number = 0, standardDeviation: number = 1): Initializer {
  if (!Number.isFinite(mean)) throw new RangeError(`normal: mean must be a finite number, got ${mean}`);
  if (!(standardDeviation >= 0 && standardDeviation < Infinity))
    throw new RangeError(`normal: standardDeviation must be >= 0, got ${standardDeviation}`);
  return (shape, fans) => {
    const drawn = Tensor.randn(shape, fans?.generator ? { generator: fans.generator } : {});
    const { data } = drawn.raw;
    for (let i = 0; i < data.length; i++) data[i] = mean + standardDeviation * data[i];
    return drawn;
  };
}
