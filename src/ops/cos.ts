import type { Op } from "./op.ts";

/** y = cos x, so dy/dx = −sin x. */
export const cos: Op = {
  name: "cos",
  forward: ([x]) => x.backend.unary("cos", x),
  backward: (gradient, [x]) => [
    () => gradient.backend.unary("neg", gradient.backend.binary("mul", gradient, x.backend.unary("sin", x))),
  ],
};
