import { regularizer, type Regularizer, type RegularizerOptions } from "./penalty.ts";

/**
 * Elastic net: λ₁Σ|w| + λ₂Σw², sparse as L1 and, where inputs are alike, sharing among them as L2 does.
 * Zou & Hastie 2005, https://doi.org/10.1111/j.1467-9868.2005.00503.x
 *
 * @param strengths.l1 λ₁
 * @param strengths.l2 λ₂
 * @param options.only the parameters it penalizes, default all
 * @throws RangeError if a λ < 0
 * @example
 * const both = regularizers.elasticNet({ l1: 1e-4, l2: 1e-4 });
 * const loss = optimizer.minimize(() => losses.crossEntropy(model.forward(images), labels), { regularizer: both });
 */
export const elasticNet = (
  strengths: { readonly l1: number; readonly l2: number },
  options: RegularizerOptions = {},
): Regularizer => regularizer("elasticNet", { l1: strengths.l1, l2: strengths.l2 }, options);
