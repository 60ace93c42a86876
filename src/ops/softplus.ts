import type { Op } from "./op.ts";

/** y = ln(1 + eˣ) = max(x, 0) + ln(1 + e⁻|ˣ|), so dy/dx = σ(x). */
export const softplus: Op = {
  name: "softplus",
  forward: ([x]) => x.backend.unary("softplus", x),
  backward: (gradient, [x]) => [
    () => gradient.backend.binary("mul", gradient, x.backend.unary("sigmoid", x)),
  ],
};
