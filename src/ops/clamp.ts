import type { Backend, RawArray } from "../backend/backend.ts";
import type { Op } from "./op.ts";
import { filled } from "./scalar.ts";

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * y = min(max(x, low), high), so dy/dx is 1 where low <= x <= high; elsewhere nothing comes through, be the gradient
 * infinite or NaN. A NaN stays one and passes nothing on, as in PyTorch.
 */
export const clamp: Op<Bounds> = {
  name: "clamp",
  forward: ([x], bounds) => {
    const { low, high } = scalars(x, bounds);
    const raised = x.backend.binary("maximum", x, low);
    const result = x.backend.binary("minimum", raised, high);
    for (const temporary of [low, high, raised]) temporary.release("clamp");
    return result;
  },
  backward: (gradient, [x], _output, bounds) => [
    () => {
      const { backend, low, high } = scalars(x, bounds);
      const aboveLow = backend.binary("greaterEqual", x, low);
      const belowHigh = backend.binary("greaterEqual", high, x);
      const within = backend.binary("mul", aboveLow, belowHigh);
      return backend.where(within, gradient, filled(gradient, x.shape, 0));
    },
  ],
};

function scalars(x: RawArray, { low, high }: Bounds): { backend: Backend; low: RawArray; high: RawArray } {
  const scalar = (value: number): RawArray => x.backend.from([value], [], x.dtype);
  return { backend: x.backend, low: scalar(low), high: scalar(high) };
}
