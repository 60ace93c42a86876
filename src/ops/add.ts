import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

/** Elementwise sum with broadcasting. z = x + y, so dz/dx = dz/dy = 1. */
export const add: Op = {
  name: "add",
  forward: ([x, y]) => x.backend.binary("add", x, y),
  backward: (gradient, [x, y]) => [() => sumTo(gradient, x.shape), () => sumTo(gradient, y.shape)],
};
