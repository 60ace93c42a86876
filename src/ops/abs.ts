import type { Op } from "./op.ts";

/** y = |x|, so dy/dx is the sign of x, 0 at ±0, and NaN at NaN (where PyTorch says 0, as if nothing were wrong). */
export const abs: Op = {
  name: "abs",
  forward: ([x]) => x.backend.unary("abs", x),
  backward: (gradient, [x]) => [() => gradient.backend.binary("mul", gradient, x.backend.unary("sign", x))],
};
