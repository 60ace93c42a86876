import type { Op } from "./op.ts";

/** y = sin x, so dy/dx = cos x. */
export const sin: Op = {
  name: "sin",
  forward: ([x]) => x.backend.unary("sin", x),
  backward: (gradient, [x]) => [() => gradient.backend.binary("mul", gradient, x.backend.unary("cos", x))],
};
