import type { RawArray, View } from "../backend/backend.ts";
import { type Shape, stridesOf } from "../util/shape.ts";
import type { Op } from "./op.ts";

/** Arrays joined along an axis, in order; each takes its part of the gradient. */
export const concat: Op<number> = {
  name: "concat",
  forward: (inputs, axis) => {
    const [first] = inputs;
    const extent = inputs.reduce((sum, { shape }) => sum + shape[axis], 0);
    const out = first.backend.empty(first.shape.with(axis, extent), first.dtype);
    for (const [i, view] of parts(out.shape, inputs, axis).entries()) out.backend.write(inputs[i], view, out);
    return out;
  },
  backward: (gradient, inputs, _output, axis) =>
    parts(gradient.shape, inputs, axis).map((view) => () => gradient.backend.gather(gradient, view)),
};

/** Where each input lies in the whole. */
function parts(whole: Shape, inputs: readonly RawArray[], axis: number): View[] {
  const strides = stridesOf(whole);
  let offset = 0;
  return inputs.map(({ shape }) => {
    const view = { shape, strides, offset };
    offset += shape[axis] * strides[axis];
    return view;
  });
}
