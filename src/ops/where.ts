import type { RawArray } from "../backend/backend.ts";
import { broadcastShapes, type Shape, sameShape } from "../util/shape.ts";
import { expanded } from "./expand.ts";
import type { Op } from "./op.ts";
import { filled } from "./scalar.ts";
import { sumTo } from "./sumTo.ts";

/** z = x where the condition is not 0, else y, with broadcasting; the gradient goes to the one that was chosen. */
export const where: Op = {
  name: "where",
  forward: ([condition, x, y]) => {
    const shape = broadcastShapes("where", broadcastShapes("where", condition.shape, x.shape), y.shape);
    const operands = [condition, x, y].map((array) => stretched(array, shape));
    const result = x.backend.where(operands[0], operands[1], operands[2]);
    for (const [i, input] of [condition, x, y].entries())
      if (operands[i] !== input) operands[i].release("where");
    return result;
  },
  backward: (gradient, [condition, x, y]) => {
    const { backend, shape } = gradient;
    const [mask, zeros] = [stretched(condition, shape), filled(gradient, shape, 0)];
    return [
      undefined,
      () => sumTo(backend.where(mask, gradient, zeros), x.shape),
      () => sumTo(backend.where(mask, zeros, gradient), y.shape),
    ];
  },
};

const stretched = (array: RawArray, shape: Shape): RawArray =>
  sameShape(array.shape, shape) ? array : expanded(array, shape);
