import type { RawArray } from "../backend/backend.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkNonNegative } from "./options.ts";
import { Optimizer } from "./optimizer.ts";

export interface SGDOptions {
  /** η. Default 0.01. */
  readonly learningRate?: number;
}

/**
 * (Stochastic) gradient descent. Robbins & Monro 1951, https://doi.org/10.1214/aoms/1177729586
 *
 *     w ← w − η g
 *
 * Batch gradient descent, the stochastic method and mini-batches differ only in the loader's `batchSize`.
 *
 * @param options.learningRate η, default 0.01
 * @throws RangeError if η < 0
 * @example
 * const optimizer = new optim.SGD(model.parameters(), { learningRate: 0.1 });
 */
export class SGD extends Optimizer {
  learningRate: number;

  constructor(parameters: Iterable<Tensor>, options: SGDOptions = {}) {
    super(parameters);
    this.learningRate = options.learningRate ?? 0.01;
    checkNonNegative("SGD", "learningRate", this.learningRate);
  }

  protected update(w: RawArray, g: RawArray): void {
    w.backend.sgdStep(w, g, { learningRate: this.learningRate });
  }
}
