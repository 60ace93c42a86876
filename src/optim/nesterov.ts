import type { RawArray } from "../backend/backend.ts";
import { Tensor } from "../tensor/tensor.ts";
import { LearningRateOptimizer, type LearningRateOptions } from "./learningRateOptimizer.ts";
import { checkFraction, checkNonNegative } from "./options.ts";
import type { GroupOption, Optimized } from "./parameterGroups.ts";

export interface NesterovOptions extends LearningRateOptions {
  /** η. Default 0.01. */
  readonly learningRate?: number;
  /** α, the part of the last move that is kept. Default 0.9. */
  readonly momentum?: number;
  /** λ, added to the gradient as λ(w + αM). Default 0. */
  readonly weightDecay?: number;
}

/**
 * Nesterov's accelerated gradient, with the gradient where the momentum is about to carry the weights.
 * Nesterov 1983; in this form Sutskever et al. 2013, https://proceedings.mlr.press/v28/sutskever13.html
 *
 *     M ← α M − η (g(w + αM) + λ(w + αM))        w ← w + M
 *
 * `minimize` evaluates the loss with the parameters at w + αM, and returns that value; outside it they are w, also
 * when the loss throws. State: M, shaped like w, zero at first.
 *
 * `step()` alone takes what is in `.grad` for the gradient at w + αM; if it was taken at w, the step is `Momentum`'s.
 * PyTorch's `nesterov=True` keeps the look-ahead point itself as its weights and walks on those: its numbers differ.
 *
 * @param options.learningRate η, default 0.01
 * @param options.momentum α, default 0.9
 * @param options.weightDecay λ, default 0
 * @throws RangeError if η or λ < 0, or α lies outside [0, 1)
 * @example
 * const optimizer = new optim.Nesterov(model.parameters(), { learningRate: 0.01, momentum: 0.9 });
 * const loss = optimizer.minimize(() => losses.crossEntropy(model.forward(images), labels));
 */
export class Nesterov extends LearningRateOptimizer {
  momentum: number;
  weightDecay: number;
  readonly #m: RawArray[];
  /** w, while the parameters are at w + αM. */
  readonly #w: RawArray[];

  constructor(parameters: Optimized, options: NesterovOptions = {}) {
    super(parameters, options, options.learningRate ?? 0.01);
    this.momentum = options.momentum ?? 0.9;
    this.weightDecay = options.weightDecay ?? 0;
    checkFraction("Nesterov", "momentum", this.momentum);
    checkNonNegative("Nesterov", "weightDecay", this.weightDecay);
    this.#m = this.stateArrays("m");
    this.#w = this.arraysLikeParameters();
  }

  protected override get groupOptions(): readonly GroupOption[] {
    return ["learningRate", "weightDecay"];
  }

  protected override atGradientPoint<T>(work: () => T): T {
    const { momentum } = this;
    this.parameters.forEach(({ raw, requiresGrad }, index) => {
      this.#w[index].data.set(raw.data);
      // A frozen one is not about to move.
      if (requiresGrad) raw.backend.lookAhead(raw, this.#m[index], { momentum });
    });
    try {
      return work();
    } finally {
      // Not by taking αM off again, which would round.
      this.parameters.forEach(({ raw }, index) => raw.data.set(this.#w[index].data));
    }
  }

  protected update(w: RawArray, g: RawArray, index: number): void {
    w.backend.nesterovStep(w, g, this.#m[index], {
      learningRate: this.rateOf(index),
      momentum: this.momentum,
      weightDecay: this.groups[index].weightDecay ?? this.weightDecay,
    });
  }

  /** M is the move that was made: otherwise a weight held at 0 would gather speed. */
  protected override afterShrinking(index: number, move: Tensor): void {
    this.#m[index].data.set(new Tensor(this.#m[index]).add(move).raw.data);
  }
}
