import type { Initializer } from "../initializers/index.ts";
import { embedding } from "../tensor/embedding.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

export interface EmbeddingOptions {
  /** Makes the first vectors. Default: samples of the normal distribution with mean 0 and variance 1, as in PyTorch. */
  readonly init?: Initializer;
}

/**
 * A vector for each of `count` things (characters, words): int32 indices of any shape `[...] → [..., size]`.
 * It is the product of one-hot rows with `weight` `[count, size]`, without making them.
 *
 * @throws RangeError if a size is not an integer >= 1, and in `forward` naming the first index outside [0, count)
 * @throws TypeError in `forward` unless the indices are integers
 * @example
 * const ids = tensor([[3, 1, 4], [1, 5, 9]], { dtype: "int32" });
 * new nn.Embedding(10, 16).forward(ids).shape; // [2, 3, 16]
 */
export class Embedding<V extends number = number, D extends number = number> extends Module {
  readonly count: V;
  readonly size: D;
  readonly weight: Tensor;

  constructor(count: V, size: D, options: EmbeddingOptions = {}) {
    super();
    for (const [name, value] of Object.entries({ count, size }))
      if (!(Number.isInteger(value) && value >= 1))
        throw new RangeError(`Embedding: ${name} must be an integer >= 1, got ${value}`);
    this.count = count;
    this.size = size;
    const { init = (shape) => Tensor.randn(shape) } = options;
    this.weight = new Tensor(init([count, size], { fanIn: count, fanOut: size }).raw, true);
  }

  forward(indices: Tensor): Tensor {
    return embedding(this.weight, indices);
  }
}
