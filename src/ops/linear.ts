import type { Activation, RawArray } from "../backend/backend.ts";
import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

/**
 * y = φ(z) with z = xW + b over a batch of rows, and φ an activation or none. Each φ′(z) follows from y, so
 * dz = dy φ′ keeps nothing else; then dx = dz Wᵀ, dW = xᵀ dz, and db = dz summed over the rows. The bias may be missing.
 */
export const linear: Op<Activation | undefined> = {
  name: "linear",
  forward: ([x, weight, bias], activation) => x.backend.linear(x, weight, bias, activation),
  backward: (gradient, [x, weight, bias], y, activation) => {
    const { backend } = gradient;
    let shared: RawArray | undefined;
    const dz = (): RawArray =>
      (shared ??= activation ? backend.binary(`${activation}Gradient`, gradient, y) : gradient);
    return [
      () => backend.matmul(dz(), weight, false, true),
      () => backend.matmul(x, dz(), true, false),
      ...(bias ? [() => sumTo(dz(), bias.shape)] : []),
    ];
  },
};
