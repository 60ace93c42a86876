import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

/** Elementwise product with broadcasting. z = xy, so dz/dx = y and dz/dy = x. */
export const mul: Op = {
  name: "mul",
  forward: ([x, y]) => x.backend.binary("mul", x, y),
  backward: (gradient, [x, y]) => {
    const { backend } = gradient;
    // A broadcast axis is read many times, so its gradients add up: sumTo undoes it.
    return [
      () => sumTo(backend.binary("mul", gradient, y), x.shape),
      () => sumTo(backend.binary("mul", gradient, x), y.shape),
    ];
  },
};
