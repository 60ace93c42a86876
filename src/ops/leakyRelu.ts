import type { Op } from "./op.ts";
import { consuming, scalar } from "./scalar.ts";

/** y = x where x > 0, else slope · x, so dy/dx is 1 or the slope. */
export const leakyRelu: Op<number> = {
  name: "leakyRelu",
  forward: ([x], slope) => consuming(scalar(x, slope), (factor) => x.backend.binary("leakyRelu", x, factor)),
  backward: (gradient, [x], _output, slope) => [
    () => gradient.backend.binary("mul", gradient, x.backend.binary("leakyReluSlope", x, scalar(x, slope))),
  ],
};
