import { BatchNorm } from "./batchNorm.ts";

/**
 * Batch normalization of features: y = γ (x − μ)/√(σ² + ε) + β for each channel, `[N, C]` or `[N, L, C]` to the same.
 *
 * While training, μ and σ² are the batch's own mean and (biased) variance over all axes but the last; after `eval()`
 * the running averages of those. γ (`weight`, at first 1) and β (`bias`, at first 0) are learned. Unlike PyTorch's,
 * the channels are the last axis.
 *
 * Source: Ioffe & Szegedy 2015, Algorithm 1, https://arxiv.org/abs/1502.03167
 *
 * @throws RangeError if channels is not an integer >= 1, epsilon < 0, or momentum lies outside [0, 1]
 * @throws ShapeError in `forward` for other shapes, or one value a channel in training
 * @example
 * new nn.Sequential(new nn.Linear(64, 32), new nn.BatchNorm1d(32), new nn.ReLU());
 */
export class BatchNorm1d extends BatchNorm {
  protected override readonly inputs: ReadonlyMap<number, string> = new Map([
    [2, "[N, C]"],
    [3, "[N, L, C]"],
  ]);
}
