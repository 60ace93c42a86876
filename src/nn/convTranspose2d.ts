import { convTranspose2d, type TransposedConvolutionOptions } from "../tensor/convolution.ts";
import { pairOf, type Size2d } from "../tensor/imageChecks.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Conv2dOptions, Convolution } from "./convolution.ts";

export interface ConvTranspose2dOptions extends Conv2dOptions, TransposedConvolutionOptions {}

/**
 * Transposed convolution, which undoes the shape of a `Conv2d` with the same options, as decoders need:
 * `[N, H, W, in] → [N, H', W', out]` with H' = (H − 1)·stride − 2·padding + kernel + outputPadding, and W' likewise.
 *
 *     y[n, i·stride + a − padding, j·stride + b − padding, o] = bias[o] + Σ x[n, i, j, c] · weight[o, a, b, c]
 *
 * `weight` is `[out, kernel height, kernel width, in]`, as for `Conv2d` (PyTorch keeps it as `[in, out, …]`), at
 * first LeCun uniform on ±√(1/n) with n = in · kernel height · kernel width; `bias` is `[out]`, at first zero. Sizes
 * are numbers, or `[height, width]`.
 *
 * @throws RangeError if a size or the stride is not an integer >= 1, the padding not one >= 0, or the outputPadding
 * not below the stride
 * @throws ShapeError in `forward` if the input is not `[N, H, W, in]`
 * @example
 * new nn.ConvTranspose2d(8, 1, 4, { stride: 2, padding: 1 }).forward(Tensor.zeros([5, 14, 14, 8])).shape; // [5, 28, 28, 1]
 */
export class ConvTranspose2d<I extends number = number, O extends number = number> extends Convolution<I, O> {
  readonly outputPadding: readonly [number, number];

  constructor(inChannels: I, outChannels: O, kernelSize: Size2d, options: ConvTranspose2dOptions = {}) {
    super(inChannels, outChannels, kernelSize, options);
    this.outputPadding = pairOf(new.target.name, "outputPadding", options.outputPadding ?? 0, 0);
  }

  forward(input: Tensor): Tensor {
    return convTranspose2d(input, this.weight, this.bias, this);
  }
}
