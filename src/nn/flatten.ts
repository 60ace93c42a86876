import type { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sizeOf } from "../util/shape.ts";
import { Module } from "./module.ts";

/**
 * All axes but the first in one: `[N, …] → [N, product of the others]`, as between images and a `Linear`.
 * @throws ShapeError in `forward` for a scalar
 * @example
 * new nn.Flatten().forward(Tensor.zeros([5, 8, 8, 1])).shape; // [5, 64]
 */
export class Flatten extends Module {
  forward(input: Tensor): Tensor {
    if (input.shape.length === 0) {
      throw new ShapeError(
        `Flatten: the first axis counts examples, but ${formatShape(input.shape)} has none`,
      );
    }
    return input.reshape([input.shape[0], sizeOf(input.shape.slice(1))]);
  }
}
