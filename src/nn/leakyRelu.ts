import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/**
 * Leaky rectified linear unit, elementwise: y = x where x > 0, else slope · x, any shape to the same.
 * @param slope default 0.01
 * @throws RangeError unless the slope is a finite number
 * @example
 * new nn.LeakyReLU(0.5).forward(tensor([-2, 0, 3])).toArray(); // [-1, 0, 3]
 */
export class LeakyReLU extends Module {
  readonly slope: number;

  constructor(slope = 0.01) {
    super();
    if (!Number.isFinite(slope)) throw new RangeError(`LeakyReLU: slope must be finite, got ${slope}`);
    this.slope = slope;
  }

  forward(input: Tensor): Tensor {
    return input.leakyRelu(this.slope);
  }
}
