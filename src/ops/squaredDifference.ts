import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

/** Elementwise z = (x − y)² with broadcasting, so dz/dx = 2(x − y) and dz/dy = −dz/dx. */
export const squaredDifference: Op = {
  name: "squaredDifference",
  forward: ([x, y]) => x.backend.binary("squaredDifference", x, y),
  backward: (gradient, [x, y]) => {
    const { backend } = gradient;
    const twice = backend.binary("add", gradient, gradient);
    const towardsX = backend.binary("mul", twice, backend.binary("sub", x, y));
    return [() => sumTo(towardsX, x.shape), () => sumTo(backend.unary("neg", towardsX), y.shape)];
  },
};
