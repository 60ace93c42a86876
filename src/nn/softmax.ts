import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/**
 * y = exp(x) / Σ exp(x) along an axis: positive numbers that sum to 1. `losses.crossEntropy` contains it, so a model
 * trained with that loss ends in logits instead.
 * @param axis default −1, the last
 */
export class Softmax extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = axis;
  }

  forward(input: Tensor): Tensor {
    return input.softmax(this.axis);
  }
}
