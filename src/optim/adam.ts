import type { AdamStep, RawArray } from "../backend/backend.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkEpsilon, type EpsilonOptions, type EpsilonPlacement, root } from "./epsilon.ts";
import { LearningRateOptimizer, type LearningRateOptions } from "./learningRateOptimizer.ts";
import type { OptimizerState } from "./optimizer.ts";
import { checkFraction } from "./options.ts";
import type { Optimized } from "./parameterGroups.ts";

export interface AdamOptions extends LearningRateOptions, EpsilonOptions {
  /** η. Default 0.001. */
  readonly learningRate?: number;
  /** β₁, the memory of the mean of gradients. Default 0.9. */
  readonly beta1?: number;
  /** β₂, the memory of the mean of squared gradients. Default 0.999. */
  readonly beta2?: number;
  /** ε, which bounds the step where gradients vanish. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam. Kingma & Ba 2015, Algorithm 1, https://arxiv.org/abs/1412.6980
 *
 *     m ← β₁m + (1−β₁)g       m̂ = m / (1−β₁ᵗ)
 *     v ← β₂v + (1−β₂)g²      v̂ = v / (1−β₂ᵗ)
 *     w ← w − η m̂ / √(v̂ + ε)      ε inside the root, as in the course; "outside" gives the paper's √v̂ + ε
 *
 * State: m and v, shaped like w, zero at t = 0. An ε inside the root is compared with v̂, one outside with √v̂, so it
 * weighs more inside: 1e-8 there acts like 1e-4 outside. For weight decay see `AdamW`: a decay that went through the
 * gradient would be divided by √v̂ as well, and so be least where gradients are large.
 *
 * @param options.learningRate η, default 0.001
 * @param options.beta1 β₁, default 0.9
 * @param options.beta2 β₂, default 0.999
 * @param options.epsilon ε, default 1e-8
 * @throws RangeError if η or ε < 0, or a β lies outside [0, 1)
 * @example
 * const optimizer = new optim.Adam(model.parameters(), { learningRate: 0.003 });
 */
export class Adam extends LearningRateOptimizer {
  beta1: number;
  beta2: number;
  epsilon: number;
  epsilonPlacement: EpsilonPlacement;
  protected readonly m: RawArray[];
  protected readonly v: RawArray[];
  /** β₁ᵗ and β₂ᵗ as running products: engines differ in the last bits of a power. */
  #beta1Power = 1;
  #beta2Power = 1;

  constructor(parameters: Optimized, options: AdamOptions = {}) {
    super(parameters, options, options.learningRate ?? 0.001);
    const name = new.target.name;
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.999;
    this.epsilon = options.epsilon ?? 1e-8;
    this.epsilonPlacement = options.epsilonPlacement ?? "inside";
    checkFraction(name, "beta1", this.beta1);
    checkFraction(name, "beta2", this.beta2);
    checkEpsilon(name, this.epsilon, this.epsilonPlacement);
    this.m = this.stateArrays("m");
    this.v = this.stateArrays("v");
  }

  override loadStateDict(state: OptimizerState): void {
    super.loadStateDict(state);
    this.#beta1Power = this.#beta2Power = 1;
    for (let step = 0; step < state.steps; step++) this.#multiplyPowers();
  }

  protected override beforeStep(): void {
    super.beforeStep();
    this.#multiplyPowers();
  }

  protected update(w: RawArray, g: RawArray, index: number): void {
    w.backend.adamStep(w, g, this.m[index], this.v[index], this.numbersOf(index));
  }

  protected override stepSize(index: number): Tensor {
    const corrected = new Tensor(this.v[index]).div(1 - this.#beta2Power);
    const rate = Tensor.full([], this.rateOf(index), { dtype: corrected.dtype });
    return rate.div(root(corrected, this.epsilon, this.epsilonPlacement));
  }

  /** The numbers of the step under way, for parameter number `index`. */
  protected numbersOf(index: number): AdamStep {
    return {
      learningRate: this.rateOf(index),
      beta1: this.beta1,
      beta2: this.beta2,
      epsilon: this.epsilon,
      epsilonInside: this.epsilonPlacement === "inside",
      correction1: 1 - this.#beta1Power,
      correction2: 1 - this.#beta2Power,
    };
  }

  #multiplyPowers(): void {
    this.#beta1Power *= this.beta1;
    this.#beta2Power *= this.beta2;
  }
}
