import { conv2d } from "../tensor/convolution.ts";
import type { Size2d } from "../tensor/imageChecks.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Conv2dOptions, Convolution } from "./convolution.ts";
import { absorbsActivation } from "./fusion.ts";

/**
 * Convolution of images with learned windows, `[N, H, W, in] → [N, H', W', out]` with
 * H' = ⌊(H + 2·padding − kernel) / stride⌋ + 1, and W' likewise:
 *
 *     y[n, i, j, o] = bias[o] + Σ x[n, i·stride + a − padding, j·stride + b − padding, c] · weight[o, a, b, c]
 *
 * `weight` is `[out, kernel height, kernel width, in]`, at first LeCun uniform on ±√(1/n), the range of PyTorch's own
 * default, with n = in · kernel height · kernel width; `bias` is `[out]`, at first zero (PyTorch draws it too). Sizes
 * are numbers, or `[height, width]`.
 *
 * @throws RangeError if a size or the stride is not an integer >= 1, or the padding not one >= 0
 * @throws ShapeError in `forward` if the input is not `[N, H, W, in]`, or smaller than the window
 * @example
 * new nn.Conv2d(1, 8, 5).forward(Tensor.zeros([64, 28, 28, 1])).shape; // [64, 24, 24, 8]
 */
export class Conv2d<I extends number = number, O extends number = number> extends Convolution<I, O> {
  constructor(inChannels: I, outChannels: O, kernelSize: Size2d, options: Conv2dOptions = {}) {
    super(inChannels, outChannels, kernelSize, options);
  }

  forward(input: Tensor): Tensor {
    return conv2d(input, this.weight, this.bias, this);
  }
}

absorbsActivation(Conv2d, (layer, activation) =>
  activation === "relu" ? (input) => conv2d(input, layer.weight, layer.bias, layer, activation) : undefined,
);
