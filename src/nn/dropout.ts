import { defaultGenerator, type Generator } from "../random/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import { sizeOf } from "../util/shape.ts";
import { Module } from "./module.ts";

export interface DropoutOptions {
  /** Where the masks come from; default the global generator, which `random.seed` sets. */
  readonly generator?: Generator;
}

/**
 * Dropout: while training each element becomes 0 with probability `drop`, and the others are divided by 1 − drop, so
 * that the expected value stays; after `eval()` nothing happens. Every forward draws a new mask.
 *
 * `drop` is the probability to drop, as in PyTorch; where a text gives p as the probability to keep, drop = 1 − p.
 *
 * Source: Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html (scaled in training instead of use)
 *
 * @param drop in [0, 1], default 0.5
 * @throws RangeError if drop lies outside [0, 1]
 * @example
 * new nn.Sequential(new nn.Linear(64, 128), new nn.ReLU(), new nn.Dropout(0.2), new nn.Linear(128, 10));
 */
export class Dropout extends Module {
  readonly drop: number;
  readonly generator: Generator | undefined;

  constructor(drop = 0.5, { generator }: DropoutOptions = {}) {
    super();
    if (!(drop >= 0 && drop <= 1))
      throw new RangeError(`Dropout: drop is a probability in [0, 1], got ${drop}`);
    this.drop = drop;
    this.generator = generator;
  }

  forward(input: Tensor): Tensor {
    if (!this.training || this.drop === 0) return input;
    const generator = this.generator ?? defaultGenerator();
    const threshold = this.drop * 4294967296;
    // One draw of 32 bits an element. A branch on it would be guessed wrong every other time.
    const words = generator.fillBits(new Uint32Array(sizeOf(input.shape)));
    const scales = Float32Array.of(0, 1 / (1 - this.drop));
    const mask = new Float32Array(words.length);
    for (let i = 0; i < mask.length; i++) mask[i] = scales[Number(words[i] >= threshold)];
    return input.mul(Tensor.from(mask, input.shape));
  }
}
