import type { Tensor } from "../tensor/tensor.ts";

/**
 * The proximal step of |w|, soft thresholding: w ← sign(w) · max(|w| − bound, 0), in place.
 * @returns the move that was made, −w where w is now 0
 */
export function shrink(w: Tensor, bound: number | Tensor): Tensor {
  const taken = typeof bound === "number" ? w.clamp(-bound, bound) : w.maximum(bound.neg()).minimum(bound);
  // w − w is exactly 0, so whatever lies within the bound is too.
  const rest = w.sub(taken);
  w.raw.data.set(rest.raw.data);
  return taken.neg();
}
