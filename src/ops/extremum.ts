import type { RawArray } from "../backend/backend.ts";
import type { Op } from "./op.ts";
import { filled, scalar } from "./scalar.ts";
import { sumTo } from "./sumTo.ts";

/**
 * The gradient goes to the operand that was chosen, and the other receives 0, even of an infinite gradient. Where both
 * are equal, as ±0 are, each receives half; where one is NaN, neither was chosen and each receives it all. As in PyTorch.
 */
const extremum = (name: "maximum" | "minimum"): Op => ({
  name,
  forward: ([x, y]) => x.backend.binary(name, x, y),
  backward: (gradient, [x, y]) => {
    const { backend, shape } = gradient;
    const share = (mine: RawArray, other: RawArray): RawArray => {
      const [low, high] = name === "maximum" ? [mine, other] : [other, mine];
      const half = backend.binary("mul", gradient, scalar(gradient, 0.5));
      const unbeaten = backend.where(backend.binary("equal", mine, other), half, gradient);
      return backend.where(backend.binary("greater", high, low), filled(gradient, shape, 0), unbeaten);
    };
    return [() => sumTo(share(x, y), x.shape), () => sumTo(share(y, x), y.shape)];
  },
});

/** The greater of two, elementwise with broadcasting; NaN if either is. */
export const maximum: Op = extremum("maximum");

/** The lesser of two, elementwise with broadcasting; NaN if either is. */
export const minimum: Op = extremum("minimum");
