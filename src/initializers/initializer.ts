import type { Generator } from "../random/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Shape } from "../util/shape.ts";

/** How many inputs and outputs a weight connects: what keeps signals the same size from layer to layer. */
export interface Fans {
  /** n_in, the inputs that each output sums over. */
  readonly fanIn: number;
  /** n_out, the outputs that each input feeds. */
  readonly fanOut: number;
  /** Drawn from. Default: the generator that `random.seed` seeds. */
  readonly generator?: Generator;
}

/**
 * Makes the first values of a weight. Layers call it with their own fans, so it is passed by name alone:
 * `new nn.Linear(64, 10, { init: init.heNormal })`. Called by hand without fans, it takes those of `init.fans(shape)`.
 */
export type Initializer = (shape: Shape, fans?: Fans) => Tensor;
