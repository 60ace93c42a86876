import type { RawArray } from "../backend/backend.ts";
import { broadcastStrides } from "../backend/view.ts";
import type { Shape } from "../util/shape.ts";
import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

/** x repeated along the axes that broadcasting stretches; what is read many times gathers many gradients. */
export const expand: Op<Shape> = {
  name: "expand",
  forward: ([x], shape) => expanded(x, shape),
  backward: (gradient, [x]) => [() => sumTo(gradient, x.shape)],
};

export function expanded(x: RawArray, shape: Shape): RawArray {
  return x.backend.gather(x, { shape, strides: broadcastStrides(x.shape, shape), offset: 0 });
}
