import type { RawArray } from "../backend/backend.ts";
import { stridesOf } from "../util/shape.ts";
import type { Op } from "./op.ts";

/** The order along some axes reversed; the gradient is reversed back. */
export const flip: Op<readonly number[]> = {
  name: "flip",
  forward: ([x], axes) => flipped(x, axes),
  backward: (gradient, _inputs, _output, axes) => [() => flipped(gradient, axes)],
};

function flipped(x: RawArray, axes: readonly number[]): RawArray {
  const strides = stridesOf(x.shape);
  let offset = 0;
  for (const axis of axes) {
    offset += (x.shape[axis] - 1) * strides[axis];
    strides[axis] *= -1;
  }
  return x.backend.gather(x, { shape: x.shape, strides, offset });
}
