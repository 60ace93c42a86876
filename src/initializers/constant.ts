import { Tensor } from "../tensor/tensor.ts";
import type { Initializer } from "./initializer.ts";

/**
 * Every weight the same value. As with zeros, units that start equal receive equal gradients and stay equal.
 *
 * @example
 * const layer = new nn.Linear(64, 10, { init: init.constant(0.5) });
 */
export const constant =
  (value: number): Initializer =>
  (shape) =>
    Tensor.full(shape, value);
