import type { ChannelStatistics, RawArray } from "../backend/backend.ts";
import { batchNormalization as operation } from "../ops/index.ts";
import { apply, floating, type Tensor, unify } from "./tensor.ts";

/** How a batch is normalized, for `batchNormalization`. */
export type Normalizing =
  | { readonly epsilon: number; readonly observe: (batch: ChannelStatistics) => void }
  | { readonly epsilon: number; readonly mean: Tensor; readonly variance: Tensor };

/**
 * scale · (x − μ)/√(σ² + ε) + shift for each channel of the last axis: x [..., C], all others [C]. Given `observe`,
 * μ and σ² are the batch's own, over all other axes, and it is shown them; else they are the constants given. The
 * caller has checked the shapes.
 */
export function batchNormalization(x: Tensor, scale: Tensor, shift: Tensor, how: Normalizing): Tensor {
  const [input, gamma, beta] = unify([floating(x), floating(scale), floating(shift)]);
  if ("observe" in how) return apply(operation, [input, gamma, beta], how);
  const { backend, dtype } = input.raw;
  const beside = ({ raw }: Tensor): RawArray =>
    raw.backend === backend && raw.dtype === dtype ? raw : backend.from(raw.data, raw.shape, dtype);
  const statistics = { mean: beside(how.mean), variance: beside(how.variance) };
  return apply(operation, [input, gamma, beta], { epsilon: how.epsilon, statistics });
}
