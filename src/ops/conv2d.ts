import type { Window } from "../backend/window.ts";
import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

export interface Convolution {
  readonly window: Window;
  /** Taken of the result at once. */
  readonly activation?: "relu";
}

/**
 * y[n, i, j, o] = Σ x[n, i·s + a − p, j·s + b − p, c] w[o, a, b, c] + bias[o] over the window (a, b) and channels c.
 * Every product appears once, so dx gathers dy·w over the places that read x, dw gathers x·dy over images and
 * places, and the bias's gradient is dy summed over both. Inputs: x, weight and, where there is one, bias.
 */
export const conv2d: Op<Convolution> = {
  name: "conv2d",
  forward: ([x, weight, bias], { window, activation }) =>
    x.backend.conv2d(x, weight, bias, window, activation),
  backward: (gradient, [x, weight, bias], y, { window, activation }) => {
    const { backend } = gradient;
    const upstream = activation === "relu" ? backend.binary("reluGradient", gradient, y) : gradient;
    const [, height, width] = x.shape;
    return [
      () => backend.conv2dInput(upstream, weight, undefined, window, [height, width]),
      () => backend.conv2dWeight(x, upstream, window),
      ...(bias ? [() => sumTo(upstream, bias.shape)] : []),
    ];
  },
};
