import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

/** Elementwise quotient with broadcasting. z = x/y, so dz/dx = 1/y and dz/dy = −z/y. */
export const div: Op = {
  name: "div",
  forward: ([x, y]) => x.backend.binary("div", x, y),
  backward: (gradient, [x, y], z) => {
    const { backend } = gradient;
    const overY = backend.binary("div", gradient, y);
    return [
      () => sumTo(overY, x.shape),
      () => sumTo(backend.unary("neg", backend.binary("mul", overY, z)), y.shape),
    ];
  },
};
