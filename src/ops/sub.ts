import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

/** Elementwise difference with broadcasting. z = x − y, so dz/dx = 1 and dz/dy = −1. */
export const sub: Op = {
  name: "sub",
  forward: ([x, y]) => x.backend.binary("sub", x, y),
  backward: (gradient, [x, y]) => [
    () => sumTo(gradient, x.shape),
    () => sumTo(gradient.backend.unary("neg", gradient), y.shape),
  ],
};
