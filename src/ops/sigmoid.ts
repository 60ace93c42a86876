import type { Op } from "./op.ts";

/** y = 1/(1 + e⁻ˣ), so dy/dx = y(1 − y). */
export const sigmoid: Op = {
  name: "sigmoid",
  forward: ([x]) => x.backend.unary("sigmoid", x),
  backward: (gradient, _inputs, y) => [() => gradient.backend.binary("sigmoidGradient", gradient, y)],
};
