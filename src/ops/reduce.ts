import type { ExtremeKind, RawArray, ReduceKind, View } from "../backend/backend.ts";
import { type Shape, sizeOf } from "../util/shape.ts";
import type { Op } from "./op.ts";
import { filled } from "./scalar.ts";

export interface Reduction {
  /** The axes, ascending. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** y = Σ x, so every element's gradient is the sum's. */
export const sum: Op<Reduction> = {
  name: "sum",
  forward: ([x], reduction) => reduce("sum", x, reduction),
  backward: (gradient, [x], _output, reduction) => [() => spread(gradient, x.shape, reduction)],
};

/**
 * The gradient of an extremum goes to the elements that reach it, in equal shares, as with PyTorch's amax and amin; all
 * others receive 0, even of an infinite gradient. Of a NaN, which only other NaN reach, it goes to these, as with `max()`
 * there.
 */
const extreme = (kind: ExtremeKind): Op<Reduction> => ({
  name: kind,
  forward: ([x], reduction) => reduce(kind, x, reduction),
  backward: (gradient, [x], y, reduction) => [
    () => {
      const { backend } = x;
      const equal = backend.binary("equal", x, spread(y, x.shape, reduction));
      const reached = backend.binary("add", equal, backend.binary("notEqual", x, x));
      const share = backend.binary("div", gradient, reduce("sum", reached, reduction));
      return backend.where(reached, spread(share, x.shape, reduction), filled(gradient, x.shape, 0));
    },
  ],
});

/** y = max x over some axes. */
export const max: Op<Reduction> = extreme("max");

/** y = min x over some axes. */
export const min: Op<Reduction> = extreme("min");

/** Where an extreme first stands along neighbouring axes. A step has no useful gradient. */
const place = (name: "argmax" | "argmin", kind: ExtremeKind): Op<Reduction> => ({
  name,
  forward: ([x], reduction) =>
    x.backend.argExtreme(kind, x, ...around(x.shape, reduction.axes), reducedShape(x.shape, reduction)),
  backward: () => [undefined],
});

/** The index of the first greatest element over one axis or all, as int32. */
export const argmax: Op<Reduction> = place("argmax", "max");

/** The index of the first least element over one axis or all, as int32. */
export const argmin: Op<Reduction> = place("argmin", "min");

/** Reduce over some axes: each run of neighbouring ones in one go, the last run first. */
export function reduce(kind: ReduceKind, x: RawArray, reduction: Reduction): RawArray {
  const shape = reducedShape(x.shape, reduction);
  const [first, ...others] = runs(reduction.axes);
  if (!first) return x.backend.reshape(x, shape);
  let current = x;
  const next = (run: readonly number[], to: Shape): RawArray => {
    const result = x.backend.reduce(kind, current, ...around(current.shape, run), to);
    if (current !== x) current.release(kind);
    return result;
  };
  for (const run of others.reverse()) current = next(run, withOnes(current.shape, run));
  return next(first, shape);
}

const withOnes = (shape: Shape, axes: readonly number[]): Shape =>
  shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));

/** The shape that a reduction leaves. */
function reducedShape(shape: Shape, { axes, keepDims }: Reduction): Shape {
  if (keepDims) return withOnes(shape, axes);
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** A shape as [outer, length, inner] around neighbouring axes. */
function around(shape: Shape, axes: readonly number[]): [number, number, number] {
  const [first, end] = axes.length === 0 ? [0, 0] : [axes[0], axes[axes.length - 1] + 1];
  return [sizeOf(shape.slice(0, first)), sizeOf(shape.slice(first, end)), sizeOf(shape.slice(end))];
}

function runs(axes: readonly number[]): number[][] {
  const found: number[][] = [];
  for (const axis of axes) {
    const last = found.at(-1);
    if (last?.at(-1) === axis - 1) last.push(axis);
    else found.push([axis]);
  }
  return found;
}

/** A reduced array repeated along the axes it lost. */
export function spread(reduced: RawArray, shape: Shape, { axes }: Reduction): RawArray {
  const strides = new Array<number>(shape.length).fill(0);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (axes.includes(axis)) continue;
    strides[axis] = step;
    step *= shape[axis];
  }
  const view: View = { shape, strides, offset: 0 };
  return reduced.backend.gather(reduced, view);
}
