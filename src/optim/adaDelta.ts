import type { RawArray } from "../backend/backend.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkEpsilon, type EpsilonOptions, type EpsilonPlacement, root } from "./epsilon.ts";
import { checkFraction } from "./options.ts";
import { Optimizer, type OptimizerOptions } from "./optimizer.ts";
import type { Optimized } from "./parameterGroups.ts";

export interface AdaDeltaOptions extends OptimizerOptions, EpsilonOptions {
  /** γ, the memory of both means of squares. Default 0.9. */
  readonly decay?: number;
  /** ε, which starts the first steps off. Default 1e-6. */
  readonly epsilon?: number;
}

/**
 * AdaDelta: the size of past moves takes the place of a learning rate. Zeiler 2012, https://arxiv.org/abs/1212.5701
 *
 *     G ← γG + (1−γ)g²
 *     Δ = √(S + ε)/√(G + ε) · g      ε inside both roots, as in the course, the paper and PyTorch
 *     S ← γS + (1−γ)Δ²
 *     w ← w − Δ
 *
 * State: G and S, shaped like w, zero at first. `"outside"` gives (√S + ε)/(√G + ε). PyTorch multiplies Δ by a
 * learning rate, 1 by default, which the paper does not have. A larger ε makes it start faster.
 *
 * @param options.decay γ, default 0.9
 * @param options.epsilon ε, default 1e-6
 * @throws RangeError if ε < 0, or γ lies outside [0, 1)
 * @example
 * const optimizer = new optim.AdaDelta(model.parameters(), { decay: 0.95 });
 */
export class AdaDelta extends Optimizer {
  decay: number;
  epsilon: number;
  epsilonPlacement: EpsilonPlacement;
  readonly #G: RawArray[];
  readonly #S: RawArray[];
  /** Before the step under way, where a proximal step follows it. */
  #before: { readonly w: Tensor; readonly S: Tensor }[] = [];

  constructor(parameters: Optimized, options: AdaDeltaOptions = {}) {
    super(parameters, options);
    this.decay = options.decay ?? 0.9;
    this.epsilon = options.epsilon ?? 1e-6;
    this.epsilonPlacement = options.epsilonPlacement ?? "inside";
    checkFraction("AdaDelta", "decay", this.decay);
    checkEpsilon("AdaDelta", this.epsilon, this.epsilonPlacement);
    this.#G = this.stateArrays("G");
    this.#S = this.stateArrays("S");
  }

  protected update(w: RawArray, g: RawArray, index: number): void {
    w.backend.adaDeltaStep(w, g, this.#G[index], this.#S[index], {
      decay: this.decay,
      epsilon: this.epsilon,
      epsilonInside: this.epsilonPlacement === "inside",
    });
  }

  protected override beforeShrinking(): void {
    const copy = (raw: RawArray): Tensor => new Tensor(raw).mul(1);
    this.#before = this.parameters.map(({ raw }, index) => ({ w: copy(raw), S: copy(this.#S[index]) }));
  }

  protected override stepSize(index: number): Tensor {
    const [S, G] = [this.#before[index].S, new Tensor(this.#G[index])];
    return root(S, this.epsilon, this.epsilonPlacement).div(root(G, this.epsilon, this.epsilonPlacement));
  }

  /** S counts the move that was made: otherwise it would not come to rest where the penalty holds a weight. */
  protected override afterShrinking(index: number): void {
    const { w, S } = this.#before[index];
    const move = new Tensor(this.parameters[index].raw).sub(w);
    const counted = S.mul(this.decay).add(move.mul(move).mul(1 - this.decay));
    this.#S[index].data.set(counted.raw.data);
  }
}
