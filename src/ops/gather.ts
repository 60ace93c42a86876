import type { Op } from "./op.ts";

/**
 * y[…, i, …] = x[…, indices[…, i, …], …] along an axis. The gradients of an element that was picked more than once
 * add up, in row-major order of the indices.
 */
export const gather: Op<number> = {
  name: "gather",
  forward: ([x, indices], axis) => x.backend.pick(x, indices, axis),
  backward: (gradient, [x, indices], _output, axis) => [
    () => gradient.backend.addPicked(gradient, indices, axis, x.shape),
    undefined,
  ],
};
