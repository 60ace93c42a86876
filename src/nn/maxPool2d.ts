import { maxPool2d, poolingWindow, type PoolingOptions } from "../tensor/convolution.ts";
import type { Size2d } from "../tensor/imageChecks.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/**
 * The greatest element of each window, per channel: `[N, H, W, C] → [N, H', W', C]` with
 * H' = ⌊(H + 2·padding − size) / stride⌋ + 1, and W' likewise. A NaN in a window is its result. The gradient goes to the first of equal elements.
 *
 * Sizes are numbers, or `[height, width]`; the stride is by default the size, so that windows do not overlap.
 *
 * @throws RangeError if the size or the stride is not an integer >= 1, or the padding more than half of the size
 * @throws ShapeError in `forward` if the input is not `[N, H, W, C]`, or smaller than the window
 * @example
 * new nn.MaxPool2d(2).forward(Tensor.zeros([64, 24, 24, 8])).shape; // [64, 12, 12, 8]
 */
export class MaxPool2d extends Module {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];

  constructor(size: Size2d, options: PoolingOptions = {}) {
    super();
    const window = poolingWindow("MaxPool2d", size, options);
    this.size = window.kernel;
    this.stride = window.stride;
    this.padding = window.padding;
  }

  forward(input: Tensor): Tensor {
    return maxPool2d(input, this.size, this);
  }
}
