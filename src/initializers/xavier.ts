import type { Initializer } from "./initializer.ts";
import { normalOver, uniformOver } from "./spread.ts";

/**
 * Xavier normal, for sigmoid and tanh: mean 0, variance 2/(n_in + n_out), a compromise between signals that keep their
 * size forward (1/n_in) and gradients backward (1/n_out).
 * Glorot & Bengio 2010, https://proceedings.mlr.press/v9/glorot10a.html
 *
 * @throws RangeError if a fan is not positive
 * @example
 * const layer = new nn.Linear(64, 10, { init: init.xavierNormal });
 */
export const xavierNormal: Initializer = normalOver("xavierNormal", 2, ({ fanIn, fanOut }) => fanIn + fanOut);

/**
 * Xavier uniform, for sigmoid and tanh: each weight uniform on ±√(6/(n_in + n_out)), variance 2/(n_in + n_out).
 * Glorot & Bengio 2010, equation 16, https://proceedings.mlr.press/v9/glorot10a.html
 *
 * @throws RangeError if a fan is not positive
 * @example
 * const layer = new nn.Linear(64, 10, { init: init.xavierUniform });
 */
export const xavierUniform: Initializer = uniformOver(
  "xavierUniform",
  6,
  ({ fanIn, fanOut }) => fanIn + fanOut,
);
