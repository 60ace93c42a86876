import type { Tensor } from "../tensor/tensor.ts";
import { isActivation } from "./fusion.ts";
import { Module } from "./module.ts";

/** Logistic function, elementwise: y = 1 / (1 + e⁻ˣ), in (0, 1). */
export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return input.sigmoid();
  }
}

isActivation(Sigmoid, "sigmoid");
