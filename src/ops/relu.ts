import type { Op } from "./op.ts";

/**
 * y = max(x, 0), so dy/dx is 0 where x <= 0, at ±0 too, and nothing comes through, be the gradient infinite or NaN; else 1.
 * A NaN stays one and passes the gradient on, as in PyTorch.
 */
export const relu: Op = {
  name: "relu",
  forward: ([x]) => x.backend.unary("relu", x),
  backward: (gradient, _inputs, y) => [() => gradient.backend.binary("reluGradient", gradient, y)],
};
