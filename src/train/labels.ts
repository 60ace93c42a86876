import type { Batch } from "../data/index.ts";
import { ignoredLabel } from "../losses/ignoredLabel.ts";
import { checkLabels } from "../losses/reduction.ts";
import { requireTensor } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sameShape } from "../util/shape.ts";

/** Class indices (a number array, Int32Array or int32 tensor `[N]`), or one-hot `[N, C]`. */
export type Labels = Tensor | readonly number[] | Int32Array;

/** The class that each example was given and the one it has, as two lists, without examples whose label is ignored. */
export interface Classes {
  readonly predicted: ArrayLike<number>;
  readonly actual: ArrayLike<number>;
}

/**
 * Read classes off outputs and labels: the greatest of C outputs; with a single output, a logit, class 1 where it is
 * above 0.
 * @throws ShapeError unless prediction is `[N, C]`, or `[…, C]` with more axes in front, and the labels fit
 */
export function classesOf(name: string, prediction: Tensor, labels: Labels): Classes {
  requireTensor(name, "prediction", prediction);
  checkLabels(name, labels);
  const shape = labels instanceof Tensor ? labels.shape : [labels.length];
  const oneHot = shape.length === prediction.shape.length;
  const expected = oneHot ? prediction.shape : prediction.shape.slice(0, -1);
  if (prediction.shape.length < 2 || !sameShape(shape, expected)) {
    throw new ShapeError(
      `${name}: labels ${formatShape(shape)} do not fit prediction ${formatShape(prediction.shape)}; ` +
        `give [N, C] and N class indices, or both [N, C]`,
    );
  }
  const single = prediction.size(-1) === 1;
  return Tensor.scope(() => {
    const predicted = single
      ? Int32Array.from(prediction.raw.data, (logit) => (logit > 0 ? 1 : 0))
      : prediction.argmax(-1).data;
    const actual = labels instanceof Tensor ? (oneHot && !single ? labels.argmax(-1) : labels).data : labels;
    if (!Array.prototype.includes.call(actual, ignoredLabel)) return { predicted, actual };
    const counts = (_label: number, index: number): boolean => actual[index] !== ignoredLabel;
    return {
      predicted: Int32Array.from(predicted).filter(counts),
      actual: Array.from(actual).filter(counts),
    };
  });
}

/** How many examples, or steps of sequences, a batch's mean is over: its size, or the labels that are not ignored. */
export function countOf({ labels, size }: Batch): number {
  if (labels.dtype !== "int32") return size;
  let count = 0;
  for (const label of labels.raw.data) if (label !== ignoredLabel) count++;
  return count;
}
