import type { RawArray } from "../backend/backend.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkEpsilon, type EpsilonOptions, type EpsilonPlacement, root } from "./epsilon.ts";
import { LearningRateOptimizer, type LearningRateOptions } from "./learningRateOptimizer.ts";
import type { Optimized } from "./parameterGroups.ts";

export interface AdaGradOptions extends LearningRateOptions, EpsilonOptions {
  /** η. Default 0.01. */
  readonly learningRate?: number;
  /** ε, which bounds the step where gradients vanish. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * AdaGrad: each weight's step shrinks with all the gradients it has seen. Duchi et al. 2011,
 * https://jmlr.org/papers/v12/duchi11a.html
 *
 *     G ← G + g²
 *     w ← w − η/√(G + ε) · g      ε inside the root, as in the course; "outside" gives PyTorch's √G + ε
 *
 * State: G, shaped like w, zero at first. PyTorch's ε is 1e-10, outside.
 *
 * @param options.learningRate η, default 0.01
 * @param options.epsilon ε, default 1e-8
 * @throws RangeError if η or ε < 0
 * @example
 * const optimizer = new optim.AdaGrad(model.parameters(), { learningRate: 0.01 });
 */
export class AdaGrad extends LearningRateOptimizer {
  epsilon: number;
  epsilonPlacement: EpsilonPlacement;
  readonly #G: RawArray[];

  constructor(parameters: Optimized, options: AdaGradOptions = {}) {
    super(parameters, options, options.learningRate ?? 0.01);
    this.epsilon = options.epsilon ?? 1e-8;
    this.epsilonPlacement = options.epsilonPlacement ?? "inside";
    checkEpsilon("AdaGrad", this.epsilon, this.epsilonPlacement);
    this.#G = this.stateArrays("G");
  }

  protected update(w: RawArray, g: RawArray, index: number): void {
    w.backend.adaGradStep(w, g, this.#G[index], {
      learningRate: this.rateOf(index),
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
