import type { Op } from "./op.ts";
import { consuming, scalar } from "./scalar.ts";

/** y = ln(1 + x), so dy/dx = 1/(1 + x). −∞ at −1, NaN below. */
export const log1p: Op = {
  name: "log1p",
  forward: ([x]) => x.backend.unary("log1p", x),
  backward: (gradient, [x]) => [
    () => {
      const onePlus = consuming(scalar(x, 1), (one) => x.backend.binary("add", x, one));
      return gradient.backend.binary("div", gradient, onePlus);
    },
  ],
};
