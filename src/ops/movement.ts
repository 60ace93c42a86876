import type { RawArray, View } from "../backend/backend.ts";
import { type Shape, stridesOf } from "../util/shape.ts";
import type { Op } from "./op.ts";
import { filled } from "./scalar.ts";

/** The same elements under another shape; the gradient takes the old shape back. */
export const reshape: Op<Shape> = {
  name: "reshape",
  forward: ([x], shape) => x.backend.reshape(x, shape),
  backward: (gradient, [x]) => [() => gradient.backend.reshape(gradient, x.shape)],
};

/** Axis i of the result is axis order[i] of x; the gradient is permuted back. */
export const permute: Op<readonly number[]> = {
  name: "permute",
  forward: ([x], order) => permuted(x, order),
  backward: (gradient, _inputs, _output, order) => [
    () =>
      permuted(
        gradient,
        order.map((_, axis) => order.indexOf(axis)),
      ),
  ],
};

export interface Range {
  readonly axis: number;
  readonly start: number;
  /** How many elements, and how far apart. */
  readonly count: number;
  readonly step: number;
}

/** Every step-th element from start along an axis; the gradient of all others is 0. */
export const slice: Op<Range> = {
  name: "slice",
  forward: ([x], range) => x.backend.gather(x, window(x.shape, range)),
  backward: (gradient, [x], _output, range) => [
    () => {
      const whole = filled(gradient, x.shape, 0);
      gradient.backend.write(gradient, window(x.shape, range), whole);
      return whole;
    },
  ],
};

function permuted(x: RawArray, order: readonly number[]): RawArray {
  const strides = stridesOf(x.shape);
  return x.backend.gather(x, {
    shape: order.map((axis) => x.shape[axis]),
    strides: order.map((axis) => strides[axis]),
    offset: 0,
  });
}

function window(shape: Shape, { axis, start, count, step }: Range): View {
  const strides = stridesOf(shape);
  const offset = start * strides[axis];
  return { shape: shape.with(axis, count), strides: strides.with(axis, strides[axis] * step), offset };
}
