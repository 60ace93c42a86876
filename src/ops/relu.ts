import type { Op } from "./op.ts";

/** y = max(x, 0), so dy/dx is 1 where x > 0, else 0. */
export const relu: Op = {
  name: "relu",
  forward: ([x]) => x.backend.unary("relu", x),
  backward: (gradient, _inputs, y) => [() => gradient.backend.binary("reluGradient", gradient, y)],
};
