import type { Op } from "./op.ts";

/** y = |x|, so dy/dx is the sign of x, and 0 at 0. */
export const abs: Op = {
  name: "abs",
  forward: ([x]) => x.backend.unary("abs", x),
  backward: (gradient, [x]) => [() => gradient.backend.binary("mul", gradient, x.backend.unary("sign", x))],
};
