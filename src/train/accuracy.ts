import type { Tensor } from "../tensor/tensor.ts";
import { classesOf, type Labels } from "./labels.ts";

/**
 * The fraction of examples whose greatest output is at their label: right / N. With a single output an example, a
 * logit as `binaryCrossEntropy` takes it, class 1 is predicted where it is above 0.
 *
 * @param prediction logits or probabilities `[N, C]`, or logits `[N, 1]`; more axes may stand in front, as in
 *   `[batch, time, C]`, with labels to match
 * @param labels N class indices (number array, Int32Array or int32 tensor `[N]`), or one-hot `[N, C]`
 * @throws ShapeError if prediction is not `[N, C]` or the labels do not fit it
 * @example
 * train.accuracy(tensor([[2, 1], [0, 3]]), [0, 0]); // 0.5
 */
export function accuracy(prediction: Tensor, labels: Labels): number {
  const { predicted, actual } = classesOf("accuracy", prediction, labels);
  let agreeing = 0;
  for (let index = 0; index < predicted.length; index++) if (predicted[index] === actual[index]) agreeing++;
  return agreeing / predicted.length;
}

/** Whether accuracy means anything: one output a class, and labels that are class indices. */
export const areClasses = (prediction: Tensor, labels: Tensor): boolean =>
  prediction.shape.length >= 2 &&
  labels.shape.length === prediction.shape.length - 1 &&
  labels.dtype === "int32";
