import type { RawArray } from "../backend/backend.ts";
import { Adam, type AdamOptions } from "./adam.ts";
import { checkNonNegative } from "./options.ts";
import type { GroupOption, Optimized } from "./parameterGroups.ts";

export interface AdamWOptions extends AdamOptions {
  /** λ, the part of each weight that decays at η = 1. Default 0.01. */
  readonly weightDecay?: number;
}

/**
 * Adam with decoupled weight decay. Loshchilov & Hutter 2019, Algorithm 2, https://arxiv.org/abs/1711.05101
 *
 *     w ← w − ηλw                  the decay does not pass through m and v, so it is the same for every weight
 *     m ← β₁m + (1−β₁)g       m̂ = m / (1−β₁ᵗ)
 *     v ← β₂v + (1−β₂)g²      v̂ = v / (1−β₂ᵗ)
 *     w ← w − η m̂ / √(v̂ + ε)      ε inside the root, as in the course; "outside" gives the paper's √v̂ + ε
 *
 * State: m and v, shaped like w, zero at t = 0. η multiplies λ, as in PyTorch.
 *
 * @param options.learningRate η, default 0.001
 * @param options.beta1 β₁, default 0.9
 * @param options.beta2 β₂, default 0.999
 * @param options.epsilon ε, default 1e-8
 * @param options.weightDecay λ, default 0.01
 * @throws RangeError if η, ε or λ < 0, or a β lies outside [0, 1)
 * @example
 * const optimizer = new optim.AdamW(model.parameters(), { learningRate: 0.001, weightDecay: 0.01 });
 */
export class AdamW extends Adam {
  weightDecay: number;

  constructor(parameters: Optimized, options: AdamWOptions = {}) {
    super(parameters, options);
    this.weightDecay = options.weightDecay ?? 0.01;
    checkNonNegative("AdamW", "weightDecay", this.weightDecay);
  }

  protected override get groupOptions(): readonly GroupOption[] {
    return ["learningRate", "weightDecay"];
  }

  protected override update(w: RawArray, g: RawArray, index: number): void {
    const weightDecay = this.groups[index].weightDecay ?? this.weightDecay;
    w.backend.adamWStep(w, g, this.m[index], this.v[index], { ...this.numbersOf(index), weightDecay });
  }
}
