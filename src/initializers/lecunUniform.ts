import { Tensor } from "../tensor/tensor.ts";
import type { Shape } from "../util/shape.ts";
import type { Fans } from "./initializer.ts";

/**
 * LeCun uniform: each weight uniform on ±√(1/n_in), as the course fixes it; it is also the range of PyTorch's
 * own default for `Linear`. (The form often met elsewhere, ±√(3/n_in), has variance 1/n_in; this one a third.)
 *
 * @throws RangeError if fanIn is not positive
 * @example
 * const layer = new nn.Linear(64, 10, { init: init.lecunUniform });
 */
export function lecunUniform(shape: Shape, { fanIn, generator }: Fans): Tensor {
  if (!(fanIn > 0)) throw new RangeError(`lecunUniform: fanIn must be > 0, got ${fanIn}`);
  const bound = Math.sqrt(1 / fanIn);
  return Tensor.uniform(shape, -bound, bound, generator ? { generator } : {});
}
