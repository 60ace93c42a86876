import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/**
 * y = exp(x) / Σ exp(x) along an axis: positive numbers that sum to 1. `losses.crossEntropy` contains it, so a model
 * trained with that loss ends in logits instead. Where an example may have several labels, which a softmax would make
 * compete, `Sigmoid` asks for each by itself.
 * @param axis default −1, the last
 * @example
 * new nn.Softmax().forward(tensor([[3, 3]])).toArray(); // [[0.5, 0.5]]
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
