import type { ChannelStatistics } from "../backend/backend.ts";
import { keep } from "../backend/lifetime.ts";
import { batchNormalization } from "../tensor/normalization.ts";
import { requireTensor } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sizeOf } from "../util/shape.ts";
import { Module } from "./module.ts";

export interface BatchNormOptions {
  /** Added to the variance, inside the root. Default 1e-5. */
  readonly epsilon?: number;
  /** The weight of a new batch in the running statistics. Default 0.1. */
  readonly momentum?: number;
}

/** What `BatchNorm1d` and `BatchNorm2d` share: they differ in the inputs they accept. */
export abstract class BatchNorm extends Module {
  readonly channels: number;
  readonly epsilon: number;
  readonly momentum: number;
  /** γ, at first 1. */
  readonly weight: Tensor;
  /** β, at first 0. */
  readonly bias: Tensor;
  /** Exponential averages over the batches seen in training, at first 0 and 1; the variance is the unbiased one. */
  readonly runningMean: Tensor;
  readonly runningVariance: Tensor;

  constructor(channels: number, { epsilon = 1e-5, momentum = 0.1 }: BatchNormOptions = {}) {
    super();
    const name = new.target.name;
    if (!(Number.isInteger(channels) && channels >= 1))
      throw new RangeError(`${name}: channels must be an integer >= 1, got ${channels}`);
    if (!(epsilon >= 0)) throw new RangeError(`${name}: epsilon must be >= 0, got ${epsilon}`);
    if (!(momentum >= 0 && momentum <= 1))
      throw new RangeError(`${name}: momentum must lie in [0, 1], got ${momentum}`);
    this.channels = channels;
    this.epsilon = epsilon;
    this.momentum = momentum;
    this.weight = Tensor.ones([channels], { requiresGrad: true });
    this.bias = Tensor.zeros([channels], { requiresGrad: true });
    this.runningMean = Tensor.zeros([channels]);
    this.runningVariance = Tensor.ones([channels]);
    for (const buffer of [this.runningMean, this.runningVariance]) keep(buffer.raw);
  }

  /** The inputs accepted, in words, by their number of axes. */
  protected abstract readonly inputs: ReadonlyMap<number, string>;

  forward(input: Tensor): Tensor {
    const name = this.constructor.name;
    requireTensor(name, "input", input);
    const { shape } = input;
    if (!this.inputs.has(shape.length) || shape.at(-1) !== this.channels)
      throw new ShapeError(
        `${name}: expected ${[...this.inputs.values()].join(" or ")} with C = ${this.channels}, got ${formatShape(shape)}`,
      );
    const { weight, bias, epsilon } = this;
    if (!this.training)
      return batchNormalization(input, weight, bias, {
        epsilon,
        mean: this.runningMean,
        variance: this.runningVariance,
      });
    const values = sizeOf(shape.slice(0, -1));
    if (values < 2)
      throw new ShapeError(
        `${name}: needs more than one value a channel to train on, got ${formatShape(shape)}; ` +
          `use a larger batch, or eval()`,
      );
    const observe = (batch: ChannelStatistics): void => this.#remember(batch, values);
    return batchNormalization(input, weight, bias, { epsilon, observe });
  }

  #remember({ mean, variance }: ChannelStatistics, values: number): void {
    const { momentum } = this;
    const mix = (running: Tensor, value: (channel: number) => number): void => {
      const { data } = running.raw;
      for (let c = 0; c < data.length; c++) data[c] = (1 - momentum) * data[c] + momentum * value(c);
    };
    mix(this.runningMean, (c) => mean.data[c]);
    mix(this.runningVariance, (c) => variance.data[c] * (values / (values - 1)));
  }

  protected override ownBuffers(): Record<string, Tensor> {
    return { runningMean: this.runningMean, runningVariance: this.runningVariance };
  }
}
