import type { RawArray } from "../backend/backend.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkEpsilon, type EpsilonOptions, type EpsilonPlacement, root } from "./epsilon.ts";
import { LearningRateOptimizer, type LearningRateOptions } from "./learningRateOptimizer.ts";
import { checkFraction } from "./options.ts";
import type { Optimized } from "./parameterGroups.ts";

export interface RMSPropOptions extends LearningRateOptions, EpsilonOptions {
  /** η. Default 0.001. */
  readonly learningRate?: number;
  /** γ, the memory of the mean of squared gradients. Default 0.9. */
  readonly decay?: number;
  /** ε, which bounds the step where gradients vanish. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * RMSProp: AdaGrad with a fading memory. Hinton 2012, lecture 6e of "Neural networks for machine learning",
 * https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf
 *
 *     G ← γG + (1−γ)g²
 *     w ← w − η/√(G + ε) · g      ε inside the root, as in the course; "outside" gives PyTorch's √G + ε
 *
 * State: G, shaped like w, zero at first. η and γ are Hinton's by default; PyTorch's are 0.01 and 0.99.
 *
 * @param options.learningRate η, default 0.001
 * @param options.decay γ, default 0.9
 * @param options.epsilon ε, default 1e-8
 * @throws RangeError if η or ε < 0, or γ lies outside [0, 1)
 * @example
 * const optimizer = new optim.RMSProp(model.parameters(), { learningRate: 0.001, decay: 0.9 });
 */
export class RMSProp extends LearningRateOptimizer {
  decay: number;
  epsilon: number;
  epsilonPlacement: EpsilonPlacement;
  readonly #G: RawArray[];

  constructor(parameters: Optimized, options: RMSPropOptions = {}) {
    super(parameters, options, options.learningRate ?? 0.001);
    this.decay = options.decay ?? 0.9;
    this.epsilon = options.epsilon ?? 1e-8;
    this.epsilonPlacement = options.epsilonPlacement ?? "inside";
    checkFraction("RMSProp", "decay", this.decay);
    checkEpsilon("RMSProp", this.epsilon, this.epsilonPlacement);
    this.#G = this.stateArrays("G");
  }

  protected update(w: RawArray, g: RawArray, index: number): void {
    w.backend.rmsPropStep(w, g, this.#G[index], {
      learningRate: this.rateOf(index),
      decay: this.decay,
      epsilon: this.epsilon,
      epsilonInside: this.epsilonPlacement === "inside",
    });
  }

  protected override stepSize(index: number): Tensor {
    const G = new Tensor(this.#G[index]);
    const rate = Tensor.full([], this.rateOf(index), { dtype: G.dtype });
    return rate.div(root(G, this.epsilon, this.epsilonPlacement));
  }
}
