import { regularizer, type Regularizer, type RegularizerOptions } from "./penalty.ts";

/**
 * L1: λΣ|w|. Its gradient, λ sign(w), pulls every weight toward 0 with the same force, so that weights which the loss
 * needs little end there. `optimizer.minimize(loss, { regularizer })` makes them exactly 0;
 * `regularizers.featureSelection` counts them. Added to a loss by hand it has the subgradient 0 at w = 0, and weights
 * only come near 0. Tibshirani 1996, https://doi.org/10.1111/j.2517-6161.1996.tb02080.x
 *
 * @param lambda λ
 * @param options.only the parameters it penalizes, default all
 * @throws RangeError if λ < 0
 * @example
 * const sparse = regularizers.l1(1e-4, { only: [layer.weight] });
 * const loss = optimizer.minimize(() => losses.crossEntropy(model.forward(images), labels), { regularizer: sparse });
 */
export const l1 = (lambda: number, options: RegularizerOptions = {}): Regularizer =>
  regularizer("l1", { l1: lambda, l2: 0 }, options);
