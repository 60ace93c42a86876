import type { Tensor } from "../tensor/tensor.ts";
import { isActivation } from "./fusion.ts";
import { Module } from "./module.ts";

/**
 * Rectified linear unit, elementwise: y = max(x, 0), any shape to the same. Its gradient at 0 is taken as 0.
 * @example
 * new nn.ReLU().forward(tensor([-2, 0, 3])).toArray(); // [0, 0, 3]
 */
export class ReLU extends Module {
  forward(input: Tensor): Tensor {
    return input.relu();
  }
}

isActivation(ReLU, "relu");
