import { kindOf } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";

/**
 * Its tensor becomes the parameter: a leaf that collects gradients and outlives every scope.
 * @throws TypeError if what an initializer made is no tensor
 */
export function asParameter(values: Tensor): Tensor {
  if (!(values instanceof Tensor))
    throw new TypeError(
      `init: it made ${kindOf(values)} instead of a tensor; some are called first, as in init.constant(0.1)`,
    );
  return new Tensor(values.raw, true);
}

/** @throws RangeError naming the first size that is not an integer >= 1 */
export function checkSizes(layer: string, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes))
    if (!(Number.isInteger(size) && size >= 1))
      throw new RangeError(`${layer}: ${name} must be an integer >= 1, got ${size}`);
}
