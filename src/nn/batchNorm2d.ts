import { BatchNorm } from "./batchNorm.ts";

/**
 * Batch normalization of images: y = γ (x − μ)/√(σ² + ε) + β for each channel, `[N, H, W, C]` to the same.
 *
 * While training, μ and σ² are the batch's own mean and (biased) variance over examples and pixels; after `eval()`
 * the running averages of those. γ (`weight`, at first 1) and β (`bias`, at first 0) are learned.
 *
 * Source: Ioffe & Szegedy 2015, Algorithm 2, https://arxiv.org/abs/1502.03167
 *
 * @throws RangeError if channels is not an integer >= 1, epsilon < 0, or momentum lies outside [0, 1]
 * @throws ShapeError in `forward` for other shapes, or one value a channel in training
 * @example
 * new nn.BatchNorm2d(8).forward(Tensor.randn([4, 5, 5, 8])).shape; // [4, 5, 5, 8]
 */
export class BatchNorm2d extends BatchNorm {
  protected override readonly inputs: ReadonlyMap<number, string> = new Map([[4, "[N, H, W, C]"]]);
}
