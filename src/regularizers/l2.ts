import { regularizer, type Regularizer, type RegularizerOptions } from "./penalty.ts";

/**
 * L2: λΣw², without a ½. Its gradient, 2λw, pulls weights toward 0 in proportion to their size, so that they get small
 * and hardly ever 0. `weightDecay: 2λ` is the same in `SGD`, `Momentum` and `Nesterov`; `AdamW`'s is another thing.
 *
 * @param lambda λ
 * @param options.only the parameters it penalizes, default all
 * @throws RangeError if λ < 0
 * @example
 * const small = regularizers.l2(1e-4);
 * const loss = optimizer.minimize(() => losses.crossEntropy(model.forward(images), labels), { regularizer: small });
 */
export const l2 = (lambda: number, options: RegularizerOptions = {}): Regularizer =>
  regularizer("l2", { l1: 0, l2: lambda }, options);
