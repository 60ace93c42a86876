import type { Tensor } from "../tensor/tensor.ts";
import { isActivation } from "./fusion.ts";
import { Module } from "./module.ts";

/**
 * Logistic function, elementwise: y = 1 / (1 + e⁻ˣ), in (0, 1), any shape to the same. `losses.binaryCrossEntropy`
 * contains it, so a model trained with that loss ends in logits instead.
 * @example
 * new nn.Sigmoid().forward(tensor([0, 100])).toArray(); // [0.5, 1]
 */
export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return input.sigmoid();
  }
}

isActivation(Sigmoid, "sigmoid");
