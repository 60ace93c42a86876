import type { RawArray, View } from "../backend/backend.ts";
import { type Shape, stridesOf } from "../util/shape.ts";
import type { Op } from "./op.ts";

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
  readonly end: number;
}

/** The elements from start up to end along an axis; the gradient of all others is 0. */
export const slice: Op<Range> = {
  name: "slice",
  forward: ([x], range) => x.backend.gather(x, window(x.shape, range)),
  backward: (gradient, [x], _output, range) => [
    () => gradient.backend.scatter(gradient, window(x.shape, range), x.shape),
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

function window(shape: Shape, { axis, start, end }: Range): View {
  const strides = stridesOf(shape);
  return { shape: shape.with(axis, end - start), strides, offset: start * strides[axis] };
}
