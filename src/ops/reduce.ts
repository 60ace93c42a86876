import type { RawArray, ReduceKind, View } from "../backend/backend.ts";
import { type Shape, sizeOf } from "../util/shape.ts";
import type { Op } from "./op.ts";

export interface Reduction {
  /** The axis, or undefined for all elements. */
  readonly axis: number | undefined;
  readonly keepDims: boolean;
}

/** y = Σ x, so every element's gradient is the sum's. */
export const sum: Op<Reduction> = {
  name: "sum",
  forward: ([x], reduction) => reduce("sum", x, reduction),
  backward: (gradient, [x], _output, reduction) => [
    () => x.backend.gather(gradient, spread(x.shape, reduction)),
  ],
};

/** The gradient of an extremum goes to the elements that reach it, in equal shares, as PyTorch's amax and amin. */
const extreme = (kind: "max" | "min"): Op<Reduction> => ({
  name: kind,
  forward: ([x], reduction) => reduce(kind, x, reduction),
  backward: (gradient, [x], y, reduction) => [
    () => {
      const { backend } = x;
      const wide = (array: RawArray): RawArray => backend.gather(array, spread(x.shape, reduction));
      const reached = backend.binary("equal", x, wide(y));
      const share = backend.binary("div", gradient, reduce("sum", reached, reduction));
      return backend.binary("mul", reached, wide(share));
    },
  ],
});

/** y = max x over an axis. */
export const max: Op<Reduction> = extreme("max");

/** y = min x over an axis. */
export const min: Op<Reduction> = extreme("min");

/** The index of the first greatest element along an axis, as int32. A step has no useful gradient. */
export const argmax: Op<Reduction> = {
  name: "argmax",
  forward: ([x], reduction) =>
    x.backend.argmax(x, ...aroundAxis(x.shape, reduction.axis), reducedShape(x.shape, reduction)),
  backward: () => [undefined],
};

/** The shape that a reduction leaves. */
function reducedShape(shape: Shape, { axis, keepDims }: Reduction): Shape {
  if (axis === undefined) return keepDims ? shape.map(() => 1) : [];
  return keepDims ? shape.with(axis, 1) : shape.toSpliced(axis, 1);
}

/** A shape as [outer, length, inner] around the reduced axis. */
function aroundAxis(shape: Shape, axis: number | undefined): [number, number, number] {
  if (axis === undefined) return [1, sizeOf(shape), 1];
  return [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
}

function reduce(kind: ReduceKind, x: RawArray, reduction: Reduction): RawArray {
  return x.backend.reduce(kind, x, ...aroundAxis(x.shape, reduction.axis), reducedShape(x.shape, reduction));
}

/** The view that repeats a reduced array along the axis it lost. */
function spread(shape: Shape, { axis }: Reduction): View {
  const strides = new Array<number>(shape.length).fill(0);
  if (axis !== undefined) {
    let step = 1;
    for (let i = shape.length - 1; i >= 0; i--)
      if (i !== axis) {
        strides[i] = step;
        step *= shape[i];
      }
  }
  return { shape, strides, offset: 0 };
}
