import { defaultGenerator } from "../random/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import { log } from "../util/math.ts";
import { hiddenSizeOf } from "./gates.ts";
import type { Initializer } from "./initializer.ts";

/**
 * Chrono, for the bias of an LSTM or GRU that has to remember up to `steps` steps: with u uniform on [1, steps − 1], one
 * for each unit,
 *
 *     LSTM (i, f, g, o):   b_f = ln u,  b_i = −ln u
 *     GRU (r, z, g):       b_z = ln u      (z is the part of h that is kept)
 *
 * and 0 for the other gates. A unit keeps σ(ln u) = u/(u + 1) of itself a step, and so forgets over about u steps: the
 * layer starts with memories of every length up to the longest, and gradients reach as far back.
 * Tallec & Ollivier 2018, equation 16, https://arxiv.org/abs/1804.11188
 *
 * @param steps the longest dependency in the data, > 2
 * @throws RangeError unless steps > 2, or if the bias is not that of three or four gates
 * @example
 * const layer = new nn.LSTM(8, 32, { biasInit: init.chrono(1000) });
 */
export function chrono(steps: number): Initializer {
  if (!(steps > 2 && steps < Infinity)) throw new RangeError(`chrono: steps must be > 2, got ${steps}`);
  return (shape, fans) => {
    const gates = fans && shape[0] === 3 * fans.fanOut ? 3 : 4;
    const size = hiddenSizeOf("chrono", gates, shape, fans);
    const generator = fans?.generator ?? defaultGenerator();
    const bias = Tensor.zeros(shape);
    const { data } = bias.raw;
    // The gate that keeps comes second in both.
    for (let unit = 0; unit < size; unit++) {
      data[size + unit] = log(1 + (steps - 2) * generator.uniform());
      if (gates === 4) data[unit] = -data[size + unit];
    }
    return bias;
  };
}
