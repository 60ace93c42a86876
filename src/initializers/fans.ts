import { formatShape, type Shape } from "../util/shape.ts";
import type { Fans } from "./initializer.ts";

/**
 * The fans of a weight by its shape: a dense or recurrent one `[in, out]` has n_in = in, n_out = out; a convolution's
 * `[out, height, width, in]` sums over height · width · in, and an input is read by height · width · out.
 *
 * @throws RangeError for fewer than two axes, where nothing says what is in and what is out
 * @example
 * init.fans([8, 5, 5, 3]); // { fanIn: 75, fanOut: 200 }
 */
export function fans(shape: Shape): Fans {
  if (shape.length < 2) {
    throw new RangeError(
      `fans: a weight has at least two axes, got ${formatShape(shape)}; say { fanIn, fanOut } yourself`,
    );
  }
  if (shape.length === 2) return { fanIn: shape[0], fanOut: shape[1] };
  const window = shape.slice(1, -1).reduce((product, extent) => product * extent, 1);
  return { fanIn: window * shape[shape.length - 1], fanOut: window * shape[0] };
}
