import type { Op } from "./op.ts";

/** y = tanh x, so dy/dx = 1 − y². */
export const tanh: Op = {
  name: "tanh",
  forward: ([x]) => x.backend.unary("tanh", x),
  backward: (gradient, _inputs, y) => [() => gradient.backend.binary("tanhGradient", gradient, y)],
};
