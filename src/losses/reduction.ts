import { requireTensor } from "../tensor/requireTensor.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sameShape } from "../util/shape.ts";

export type Reduction = "mean" | "sum" | "none";

export interface LossOptions {
  /** How the losses become one: their mean (default), their sum, or `"none"`: left as they are. */
  readonly reduction?: Reduction;
}

/** @throws RangeError if the reduction is none of the three, or would be the mean of nothing */
export function checkReduction(name: string, reduction: Reduction, prediction: Tensor): void {
  if (reduction !== "mean" && reduction !== "sum" && reduction !== "none") {
    throw new RangeError(`${name}: reduction must be "mean", "sum" or "none", got "${String(reduction)}"`);
  }
  if (reduction === "mean" && prediction.numel === 0) {
    throw new RangeError(
      `${name}: the batch is empty, prediction ${formatShape(prediction.shape)}, and nothing has no mean; ` +
        `leave empty batches out`,
    );
  }
}

/** @throws TypeError unless labels are a tensor or a list */
export function checkLabels(name: string, labels: unknown): void {
  if (Array.isArray(labels) || ArrayBuffer.isView(labels)) return;
  requireTensor(name, "labels", labels);
}

/** @throws ShapeError unless prediction and target have one shape */
export function checkPair(name: string, prediction: Tensor, target: Tensor): void {
  requireTensor(name, "prediction", prediction);
  requireTensor(name, "target", target);
  if (!sameShape(prediction.shape, target.shape)) {
    throw new ShapeError(
      `${name}: target ${formatShape(target.shape)} does not fit prediction ${formatShape(prediction.shape)}; ` +
        `reshape one of them: broadcasting would compare every prediction with every target`,
    );
  }
}

export function reduceLoss(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === "none") return losses;
  return reduction === "mean" ? losses.mean() : losses.sum();
}
