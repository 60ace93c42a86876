import type { Initializer } from "./initializer.ts";
import { normalOver, uniformOver } from "./spread.ts";

/**
 * LeCun normal: mean 0, variance 1/n_in, so that sums of n_in inputs of variance 1 have variance 1.
 * LeCun et al. 1998, "Efficient BackProp", https://doi.org/10.1007/3-540-49430-8_2
 *
 * @throws RangeError if a fan is not positive
 * @example
 * const layer = new nn.Linear(64, 10, { init: init.lecunNormal });
 */
export const lecunNormal: Initializer = normalOver("lecunNormal", 1, ({ fanIn }) => fanIn);

/**
 * LeCun uniform: each weight uniform on ±√(1/n_in), as the course fixes it; it is also the range of PyTorch's
 * own default for `Linear`. (The form often met elsewhere, ±√(3/n_in), has variance 1/n_in; this one a third.)
 *
 * @throws RangeError if a fan is not positive
 * @example
 * const layer = new nn.Linear(64, 10, { init: init.lecunUniform });
 */
export const lecunUniform: Initializer = uniformOver("lecunUniform", 1, ({ fanIn }) => fanIn);
