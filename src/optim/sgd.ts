import type { RawArray } from "../backend/backend.ts";
import { LearningRateOptimizer, type LearningRateOptions } from "./learningRateOptimizer.ts";
import { checkNonNegative } from "./options.ts";
import type { GroupOption, Optimized } from "./parameterGroups.ts";

export interface SGDOptions extends LearningRateOptions {
  /** η. Default 0.01. */
  readonly learningRate?: number;
  /** λ, added to the gradient as λw. Default 0. */
  readonly weightDecay?: number;
}

/**
 * (Stochastic) gradient descent. Robbins & Monro 1951, https://doi.org/10.1214/aoms/1177729586
 *
 *     w ← w − η (g + λw)
 *
 * Batch gradient descent, the stochastic method and mini-batches differ only in the loader's `batchSize`. Weight decay
 * λ, as in PyTorch, is the gradient of the penalty ½λΣw²; `regularizers.l2(λ)` has no ½, so that it is 2λ here.
 *
 * @param options.learningRate η, default 0.01
 * @param options.weightDecay λ, default 0
 * @throws RangeError if η or λ < 0
 * @example
 * const optimizer = new optim.SGD(model.parameters(), { learningRate: 0.1 });
 */
export class SGD extends LearningRateOptimizer {
  weightDecay: number;

  constructor(parameters: Optimized, options: SGDOptions = {}) {
    super(parameters, options, options.learningRate ?? 0.01);
    this.weightDecay = options.weightDecay ?? 0;
    checkNonNegative("SGD", "weightDecay", this.weightDecay);
  }

  protected override get groupOptions(): readonly GroupOption[] {
    return ["learningRate", "weightDecay"];
  }

  protected update(w: RawArray, g: RawArray, index: number): void {
    w.backend.sgdStep(w, g, {
      learningRate: this.rateOf(index),
      weightDecay: this.groups[index].weightDecay ?? this.weightDecay,
    });
  }
}
