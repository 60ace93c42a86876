import { checkStrength, type Regularizer, type RegularizerOptions, sumOver } from "./regularizer.ts";

/**
 * L2: λΣw², without a ½. Its gradient, 2λw, pulls weights toward 0 in proportion to their size, so that they get small
 * and hardly ever 0. `weightDecay: 2λ` is the same in `SGD`, `Momentum` and `Nesterov`; `AdamW`'s is another thing.
 *
 * @param lambda λ
 * @param options.only the parameters it penalizes, default all it is given
 * @throws RangeError if λ < 0
 * @example
 * const penalty = regularizers.l2(1e-4);
 * optimizer.minimize(() => losses.crossEntropy(model.forward(images), labels).add(penalty(model.parameters())));
 */
export function l2(lambda: number, options: RegularizerOptions = {}): Regularizer {
  checkStrength("l2", "lambda", lambda);
  return sumOver(options, (w) => w.mul(w).sum().mul(lambda));
}
