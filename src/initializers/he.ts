import type { Initializer } from "./initializer.ts";
import { normalOver, uniformOver } from "./spread.ts";

/**
 * He normal, for ReLU: mean 0, variance 2/n_in, twice LeCun's since ReLU silences half of the inputs.
 * He et al. 2015, equation 10, https://arxiv.org/abs/1502.01852
 *
 * @throws RangeError if a fan is not positive
 * @example
 * const layer = new nn.Linear(64, 10, { init: init.heNormal });
 */
export const heNormal: Initializer = normalOver("heNormal", 2, ({ fanIn }) => fanIn);

/**
 * He uniform, for ReLU: each weight uniform on ±√(6/n_in), variance 2/n_in.
 * He et al. 2015, https://arxiv.org/abs/1502.01852
 *
 * @throws RangeError if a fan is not positive
 * @example
 * const layer = new nn.Linear(64, 10, { init: init.heUniform });
 */
export const heUniform: Initializer = uniformOver("heUniform", 6, ({ fanIn }) => fanIn);
