import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/**
 * Leaky rectified linear unit, elementwise: y = x where x > 0, else slope · x.
 * @param slope default 0.01
 */
export class LeakyReLU extends Module {
  readonly slope: number;

  constructor(slope = 0.01) {
    super();
    this.slope = slope;
  }

  forward(input: Tensor): Tensor {
    return input.leakyRelu(this.slope);
  }
}
