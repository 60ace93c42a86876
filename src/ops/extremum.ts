import type { RawArray } from "../backend/backend.ts";
import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

/** The gradient goes to the operand that was chosen; where both are equal, half to each, as in PyTorch. */
const extremum = (name: "maximum" | "minimum"): Op => ({
  name,
  forward: ([x, y]) => x.backend.binary(name, x, y),
  backward: (gradient, [x, y]) => {
    const { backend } = gradient;
    const half = backend.from([0.5], [], gradient.dtype);
    const share = (chosen: RawArray, other: RawArray): RawArray => {
      const [low, high] = name === "maximum" ? [other, chosen] : [chosen, other];
      const weight = backend.binary("mul", half, backend.binary("equal", low, high));
      return backend.binary(
        "mul",
        gradient,
        backend.binary("add", weight, backend.binary("greater", high, low)),
      );
    };
    return [() => sumTo(share(x, y), x.shape), () => sumTo(share(y, x), y.shape)];
  },
});

/** The greater of two, elementwise with broadcasting; NaN if either is. */
export const maximum: Op = extremum("maximum");

/** The lesser of two, elementwise with broadcasting; NaN if either is. */
export const minimum: Op = extremum("minimum");
