import { apply } from "../tensor/tensor.ts";
import { checkStrength, type Regularizer, type RegularizerOptions, sumOver } from "./regularizer.ts";
import { sumOfMagnitudes } from "./sparsity.ts";

/** λ₁ and λ₂. */
export interface ElasticNetStrengths {
  readonly l1: number;
  readonly l2: number;
}

/**
 * Elastic net: λ₁Σ|w| + λ₂Σw², sparse as `l1` and, where inputs are alike, sharing among them as `l2` does.
 * Zou & Hastie 2005, https://doi.org/10.1111/j.1467-9868.2005.00503.x
 *
 * @param strengths.l1 λ₁
 * @param strengths.l2 λ₂
 * @param options.only the parameters it penalizes, default all it is given
 * @throws RangeError if a λ < 0
 * @example
 * const penalty = regularizers.elasticNet({ l1: 1e-4, l2: 1e-4 });
 * optimizer.minimize(() => losses.crossEntropy(model.forward(images), labels).add(penalty(model.parameters())));
 */
export function elasticNet(strengths: ElasticNetStrengths, options: RegularizerOptions = {}): Regularizer {
  const { l1, l2 } = strengths;
  checkStrength("elasticNet", "l1", l1);
  checkStrength("elasticNet", "l2", l2);
  return sumOver(options, (w) => apply(sumOfMagnitudes, [w], l1).add(w.mul(w).sum().mul(l2)));
}
