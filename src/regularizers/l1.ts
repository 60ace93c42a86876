import { apply } from "../tensor/tensor.ts";
import { checkStrength, type Regularizer, type RegularizerOptions, sumOver } from "./regularizer.ts";
import { sumOfMagnitudes } from "./sparsity.ts";

/**
 * L1: λΣ|w|. Its gradient, λ sign(w), pulls every weight toward 0 with the same force, so that weights which the loss
 * needs little end there. Tibshirani 1996, https://doi.org/10.1111/j.2517-6161.1996.tb02080.x
 *
 * In `optimizer.minimize` (and so in `train.fit`) they end at exactly 0, which `regularizers.featureSelection`
 * reports: see there how. After a `backward()` of your own, `.grad` has the subgradient, with sign(0) = 0, along which
 * weights only jump about 0.
 *
 * @param lambda λ
 * @param options.only the parameters it penalizes, default all it is given
 * @throws RangeError if λ < 0
 * @example
 * const penalty = regularizers.l1(1e-4, { only: [layer.weight] });
 * optimizer.minimize(() => losses.crossEntropy(model.forward(images), labels).add(penalty(model.parameters())));
 */
export function l1(lambda: number, options: RegularizerOptions = {}): Regularizer {
  checkStrength("l1", "lambda", lambda);
  return sumOver(options, (w) => apply(sumOfMagnitudes, [w], lambda));
}
