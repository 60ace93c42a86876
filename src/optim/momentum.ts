import type { RawArray } from "../backend/backend.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkFraction, checkNonNegative } from "./options.ts";
import { Optimizer } from "./optimizer.ts";

export interface MomentumOptions {
  /** η. Default 0.01. */
  readonly learningRate?: number;
  /** α, the part of the last move that is kept. Default 0.9. */
  readonly momentum?: number;
}

/**
 * Gradient descent with momentum (the heavy ball). Polyak 1964, https://doi.org/10.1016/0041-5553(64)90137-5
 *
 *     M ← α M − η g        w ← w + M
 *
 * State: M, shaped like w, zero at first. PyTorch's form, v ← αv + g and w ← w − ηv, walks the same path while η
 * is constant (M = −ηv); when η changes, here the moves already in M keep the η they were made with.
 *
 * @param options.learningRate η, default 0.01
 * @param options.momentum α, default 0.9
 * @throws RangeError if η < 0 or α lies outside [0, 1)
 * @example
 * const optimizer = new optim.Momentum(model.parameters(), { learningRate: 0.01, momentum: 0.9 });
 */
export class Momentum extends Optimizer {
  learningRate: number;
  momentum: number;
  readonly #m: RawArray[];

  constructor(parameters: Iterable<Tensor>, options: MomentumOptions = {}) {
    super(parameters);
    this.learningRate = options.learningRate ?? 0.01;
    this.momentum = options.momentum ?? 0.9;
    checkNonNegative("Momentum", "learningRate", this.learningRate);
    checkFraction("Momentum", "momentum", this.momentum);
    this.#m = this.stateArrays("m");
  }

  protected update(w: RawArray, g: RawArray, index: number): void {
    w.backend.momentumStep(w, g, this.#m[index], {
      learningRate: this.learningRate,
      momentum: this.momentum,
    });
  }
}
