import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sameShape } from "../util/shape.ts";

/**
 * The fraction of examples whose greatest output is at their label: right / N.
 *
 * @param prediction logits or probabilities `[N, C]`
 * @param labels N class indices (number array, Int32Array or int32 tensor `[N]`), or one-hot `[N, C]`
 * @throws ShapeError if prediction is not `[N, C]` or the labels do not fit it
 * @example
 * train.accuracy(tensor([[2, 1], [0, 3]]), [0, 0]); // 0.5
 */
export function accuracy(prediction: Tensor, labels: Tensor | readonly number[] | Int32Array): number {
  const shape = labels instanceof Tensor ? labels.shape : [labels.length];
  const oneHot = shape.length === 2;
  if (prediction.shape.length !== 2 || !sameShape(shape, oneHot ? prediction.shape : [prediction.shape[0]])) {
    throw new ShapeError(
      `accuracy: labels ${formatShape(shape)} do not fit prediction ${formatShape(prediction.shape)}; ` +
        `give [N, C] and N class indices, or both [N, C]`,
    );
  }
  return Tensor.scope(() => {
    const chosen = prediction.argmax(1).raw.data;
    const right = labels instanceof Tensor ? (oneHot ? labels.argmax(1) : labels).raw.data : labels;
    let agreeing = 0;
    for (let index = 0; index < chosen.length; index++) if (chosen[index] === right[index]) agreeing++;
    return agreeing / chosen.length;
  });
}

/** Whether accuracy means anything: one output a class, and labels that are class indices. */
export const areClasses = (prediction: Tensor, labels: Tensor): boolean =>
  prediction.shape.length === 2 && labels.shape.length === 1 && labels.dtype === "int32";
