import type { Op } from "./op.ts";

/** y = −x, so dy/dx = −1. */
export const neg: Op = {
  name: "neg",
  forward: ([x]) => x.backend.unary("neg", x),
  backward: (gradient) => [() => gradient.backend.unary("neg", gradient)],
};
