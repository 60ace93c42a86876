import type { Op } from "./op.ts";

/** y = ln x, so dy/dx = 1/x. −∞ at 0, NaN below. */
export const log: Op = {
  name: "log",
  forward: ([x]) => x.backend.unary("log", x),
  backward: (gradient, [x]) => [() => gradient.backend.binary("div", gradient, x)],
};
