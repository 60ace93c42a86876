import type { Tensor } from "../tensor/tensor.ts";

export interface LossOptions {
  /** How the losses of the examples become one: their mean (default), their sum, or `"none"`: left as they are. */
  readonly reduction?: "mean" | "sum" | "none";
}

/** @throws RangeError if the reduction is none of the three */
export function reduceLoss(perExample: Tensor, { reduction = "mean" }: LossOptions): Tensor {
  switch (reduction) {
    case "mean":
      return perExample.mean();
    case "sum":
      return perExample.sum();
    case "none":
      return perExample;
    default:
      throw new RangeError(`loss: reduction must be "mean", "sum" or "none", got "${String(reduction)}"`);
  }
}
