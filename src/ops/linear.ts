import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

/** y = xW + b over a batch of rows, so dx = dy Wᵀ, dW = xᵀ dy, and db = dy summed over the rows. */
export const linear: Op = {
  name: "linear",
  forward: ([x, weight, bias]) => x.backend.linear(x, weight, bias),
  backward: (gradient, [x, weight, bias]) => [
    () => gradient.backend.matmul(gradient, weight, false, true),
    () => gradient.backend.matmul(x, gradient, true, false),
    () => sumTo(gradient, bias.shape),
  ],
};
