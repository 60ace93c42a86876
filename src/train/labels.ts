import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sameShape } from "../util/shape.ts";

/** Class indices (a number array, Int32Array or int32 tensor `[N]`), or one-hot `[N, C]`. */
export type Labels = Tensor | readonly number[] | Int32Array;

/** The class that each example was given and the one it has, as two lists. */
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
  return Tensor.scope(() => ({
    predicted: single
      ? Int32Array.from(prediction.raw.data, (logit) => (logit > 0 ? 1 : 0))
      : prediction.argmax(-1).data,
    actual: labels instanceof Tensor ? (oneHot && !single ? labels.argmax(-1) : labels).data : labels,
  }));
}
