import type { RawArray } from "../backend/backend.ts";
import { sizeOf } from "../util/shape.ts";
import type { Op } from "./op.ts";

/** y = exp(x) / Σ exp(x) over the last axis, so dx = y (dy − Σ y dy). */
export const softmax: Op = {
  name: "softmax",
  forward: ([x]) => x.backend.softmax(x),
  backward: (gradient, _inputs, y) => [
    () => {
      const { backend } = gradient;
      const weighted = sumRows(backend.binary("mul", y, gradient));
      return backend.binary("mul", y, backend.binary("sub", gradient, weighted));
    },
  ],
};

/** y = x − ln Σ exp(x) over the last axis, so dx = dy − exp(y) Σ dy. */
export const logSoftmax: Op = {
  name: "logSoftmax",
  forward: ([x]) => x.backend.logSoftmax(x),
  backward: (gradient, _inputs, y) => [
    () => {
      const { backend } = gradient;
      const scaled = backend.binary("mul", backend.unary("exp", y), sumRows(gradient));
      return backend.binary("sub", gradient, scaled);
    },
  ],
};

/** Sums over the last axis, kept with size 1. */
function sumRows(x: RawArray): RawArray {
  const shape = x.shape.with(-1, 1);
  return x.backend.reduce("sum", x, sizeOf(shape), x.shape[x.shape.length - 1], 1, shape);
}
