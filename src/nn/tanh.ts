import type { Tensor } from "../tensor/tensor.ts";
import { isActivation } from "./fusion.ts";
import { Module } from "./module.ts";

/**
 * Hyperbolic tangent, elementwise: y = (e²ˣ − 1) / (e²ˣ + 1), in (−1, 1), any shape to the same.
 * @example
 * new nn.Tanh().forward(tensor([0, 100])).toArray(); // [0, 1]
 */
export class Tanh extends Module {
  forward(input: Tensor): Tensor {
    return input.tanh();
  }
}

isActivation(Tanh, "tanh");
