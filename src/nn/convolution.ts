import { type Initializer, lecunUniform } from "../initializers/index.ts";
import {
  type ConvolutionOptions,
  type TransposedConvolutionOptions,
  windowOf,
} from "../tensor/convolution.ts";
import { pairOf, type Size2d } from "../tensor/imageChecks.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { asParameter, checkSizes } from "./parameter.ts";

export interface Conv2dOptions extends ConvolutionOptions {
  /** Add a bias, which starts at zero. Default true. */
  readonly bias?: boolean;
  /** Makes the first weights. Default `init.lecunUniform`. */
  readonly init?: Initializer;
}

/** What `Conv2d` and `ConvTranspose2d` share: all but the direction. */
export abstract class Convolution<I extends number = number, O extends number = number> extends Module {
  readonly inChannels: I;
  readonly outChannels: O;
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly weight: Tensor;
  readonly bias: Tensor | null;

  constructor(
    inChannels: I,
    outChannels: O,
    kernelSize: Size2d,
    options: Conv2dOptions & TransposedConvolutionOptions,
  ) {
    super();
    const name = new.target.name;
    checkSizes(name, { inChannels, outChannels });
    const kernel = pairOf(name, "kernelSize", kernelSize, 1);
    const { stride, padding } = windowOf(name, kernel, options);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.stride = stride;
    this.padding = padding;
    const { init = lecunUniform, bias = true } = options;
    const area = kernel[0] * kernel[1];
    const fans = { fanIn: inChannels * area, fanOut: outChannels * area };
    this.weight = asParameter(init([outChannels, ...kernel, inChannels], fans));
    this.bias = bias ? asParameter(Tensor.zeros([outChannels])) : null;
  }
}
