import type { Backend, RawArray } from "../backend/backend.ts";
import type { Op } from "./op.ts";

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** y = min(max(x, low), high), so dy/dx is 1 where low <= x <= high, else 0. NaN stays. */
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
      return backend.binary("mul", gradient, backend.binary("mul", aboveLow, belowHigh));
    },
  ],
};

function scalars(x: RawArray, { low, high }: Bounds): { backend: Backend; low: RawArray; high: RawArray } {
  const scalar = (value: number): RawArray => x.backend.from([value], [], x.dtype);
  return { backend: x.backend, low: scalar(low), high: scalar(high) };
}
