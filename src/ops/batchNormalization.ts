import type { ChannelStatistics } from "../backend/backend.ts";
import type { Op } from "./op.ts";

export interface BatchNormalization {
  readonly epsilon: number;
  /** Constants to normalize by; the batch's own where missing. */
  readonly statistics?: ChannelStatistics;
  /** Sees the batch's own. */
  readonly observe?: (batch: ChannelStatistics) => void;
}

/**
 * y = γ x̂ + β with x̂ = (x − μ)/√(σ² + ε), for each channel of the last axis over all n others. So dβ = Σ dy,
 * dγ = Σ dy x̂, and dx = γ/√(σ² + ε) · dy where μ and σ² are constants; where they are the batch's own,
 * dx = γ/√(σ² + ε) · (dy − dβ/n − x̂ dγ/n). Inputs: x [..., C], γ [C], β [C].
 */
export const batchNormalization: Op<BatchNormalization> = {
  name: "batchNormalization",
  forward: ([x, scale, shift], { epsilon, statistics, observe }, saved) => {
    const used = statistics ?? x.backend.channelStatistics(x);
    if (!statistics) observe?.(used);
    const y = x.backend.normalize(x, used, scale, shift, epsilon);
    if (statistics) return y;
    if (saved) saved.push(used.mean, used.variance);
    else for (const array of [used.mean, used.variance]) array.release("batchNormalization");
    return y;
  },
  backward: (gradient, [x, scale], _y, { epsilon, statistics }, [mean, variance]) => {
    const { backend } = x;
    type Gradients = ReturnType<typeof backend.normalizeGradient>;
    let gradients: Gradients | undefined;
    // One pass makes all three.
    const once = (): Gradients =>
      (gradients ??= backend.normalizeGradient(
        gradient,
        x,
        statistics ?? { mean, variance },
        scale,
        epsilon,
        !statistics,
      ));
    return [() => once().x, () => once().scale, () => once().shift];
  },
};
