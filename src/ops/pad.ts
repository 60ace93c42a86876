import type { View } from "../backend/backend.ts";
import { type Shape, stridesOf } from "../util/shape.ts";
import type { Op } from "./op.ts";
import { filled } from "./scalar.ts";

export interface Padding {
  /** Elements before and after, for every axis. */
  readonly amounts: readonly (readonly [number, number])[];
  readonly value: number;
}

/** x with a border of one value around it; the border's gradient goes nowhere. */
export const pad: Op<Padding> = {
  name: "pad",
  forward: ([x], { amounts, value }) => {
    const shape = x.shape.map((extent, axis) => extent + amounts[axis][0] + amounts[axis][1]);
    const out = filled(x, shape, value);
    x.backend.write(x, inside(shape, x.shape, amounts), out);
    return out;
  },
  backward: (gradient, [x], _output, { amounts }) => [
    () => gradient.backend.gather(gradient, inside(gradient.shape, x.shape, amounts)),
  ],
};

function inside(whole: Shape, shape: Shape, amounts: Padding["amounts"]): View {
  const strides = stridesOf(whole);
  return { shape, strides, offset: amounts.reduce((sum, [before], axis) => sum + before * strides[axis], 0) };
}
