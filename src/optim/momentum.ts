import type { RawArray } from "../backend/backend.ts";
import { Tensor } from "../tensor/tensor.ts";
import { LearningRateOptimizer, type LearningRateOptions } from "./learningRateOptimizer.ts";
import { checkFraction, checkNonNegative } from "./options.ts";
import type { GroupOption, Optimized } from "./parameterGroups.ts";

export interface MomentumOptions extends LearningRateOptions {
  /** η. Default 0.01. */
  readonly learningRate?: number;
  /** α, the part of the last move that is kept. Default 0.9. */
  readonly momentum?: number;
  /** λ, added to the gradient as λw. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Gradient descent with momentum (the heavy ball). Polyak 1964, https://doi.org/10.1016/0041-5553(64)90137-5
 *
 *     M ← α M − η (g + λw)        w ← w + M
 *
 * State: M, shaped like w, zero at first. PyTorch's form, v ← αv + g and w ← w − ηv, walks the same path while η
 * is constant (M = −ηv); when η changes, here the moves already in M keep the η they were made with.
 *
 * @param options.learningRate η, default 0.01
 * @param options.momentum α, default 0.9
 * @param options.weightDecay λ, default 0
 * @throws RangeError if η or λ < 0, or α lies outside [0, 1)
 * @example
 * const optimizer = new optim.Momentum(model.parameters(), { learningRate: 0.01, momentum: 0.9 });
 */
export class Momentum extends LearningRateOptimizer {
  momentum: number;
  weightDecay: number;
  readonly #m: RawArray[];

  constructor(parameters: Optimized, options: MomentumOptions = {}) {
    super(parameters, options, options.learningRate ?? 0.01);
    this.momentum = options.momentum ?? 0.9;
    this.weightDecay = options.weightDecay ?? 0;
    checkFraction("Momentum", "momentum", this.momentum);
    checkNonNegative("Momentum", "weightDecay", this.weightDecay);
    this.#m = this.stateArrays("m");
  }

  protected override get groupOptions(): readonly GroupOption[] {
    return ["learningRate", "weightDecay"];
  }

  protected update(w: RawArray, g: RawArray, index: number): void {
    w.backend.momentumStep(w, g, this.#m[index], {
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
