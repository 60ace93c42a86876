import type { Op } from "./op.ts";

/** y = √x, so dy/dx = 1/(2y). */
export const sqrt: Op = {
  name: "sqrt",
  forward: ([x]) => x.backend.unary("sqrt", x),
  backward: (gradient, _inputs, y) => [
    () => gradient.backend.binary("div", gradient, gradient.backend.binary("add", y, y)),
  ],
};
