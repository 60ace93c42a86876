import type { Op } from "./op.ts";

/** y = eˣ, so dy/dx = y. */
export const exp: Op = {
  name: "exp",
  forward: ([x]) => x.backend.unary("exp", x),
  backward: (gradient, _inputs, y) => [() => gradient.backend.binary("mul", gradient, y)],
};
