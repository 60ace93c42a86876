import type { RawArray } from "../backend/backend.ts";
import type { Pair, Window } from "../backend/window.ts";
import { stridesOf } from "../util/shape.ts";
import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

export interface TransposedConvolution {
  readonly window: Window;
  /** Height and width of the result. */
  readonly size: Pair;
}

/**
 * y[n, i·s + a − p, j·s + b − p, o] = Σ x[n, i, j, c] w[o, a, b, c], plus bias[o]: what a convolution from the
 * channels o to the channels c does to its input's gradient. So dx is that convolution of dy, and dw is its weights'
 * gradient with the roles of input and result exchanged. Inputs: x, weight and, where there is one, bias.
 */
export const convTranspose2d: Op<TransposedConvolution> = {
  name: "convTranspose2d",
  forward: ([x, weight, bias], { window, size }) => {
    const turned = channelsExchanged(weight);
    const y = x.backend.conv2dInput(x, turned, bias, window, size);
    turned.release("convTranspose2d");
    return y;
  },
  backward: (gradient, [x, weight, bias], _y, { window }) => {
    const { backend } = gradient;
    return [
      () => backend.conv2d(gradient, channelsExchanged(weight), undefined, window),
      () => channelsExchanged(backend.conv2dWeight(gradient, x, window)),
      ...(bias ? [() => sumTo(gradient, bias.shape)] : []),
    ];
  },
};

/** Weights [O, height, width, C] as [C, height, width, O]. */
function channelsExchanged(weight: RawArray): RawArray {
  const [outputs, rows, columns, channels] = weight.shape;
  const [output, row, column, channel] = stridesOf(weight.shape);
  const view = {
    shape: [channels, rows, columns, outputs],
    strides: [channel, row, column, output],
    offset: 0,
  };
  return weight.backend.gather(weight, view);
}
