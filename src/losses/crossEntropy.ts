import { softmaxCrossEntropy } from "../tensor/functions.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sameShape } from "../util/shape.ts";
import { checkReduction, type LossOptions, reduceLoss } from "./reduction.ts";

/**
 * Cross-entropy between softmax(logits) and the labels. For one example with logits z:
 *
 *     class index y:            L = −log softmax(z)_y = log Σ_c e^{z_c} − z_y
 *     one-hot/probabilities p:  L = −Σ_c p_c log softmax(z)_c
 *
 * It takes logits, not probabilities: the softmax inside is computed with the maximum subtracted, so that no
 * exponential overflows and no logarithm meets 0.
 *
 * @param logits `[N, C]`
 * @param labels N class indices in [0, C) (a number array, Int32Array or int32 tensor `[N]`), or a tensor `[N, C]`
 * @param options.reduction `"mean"` over the examples (default), `"sum"`, or `"none"` for the N losses themselves
 * @returns a scalar, or `[N]` for `"none"`
 * @throws ShapeError if logits are not `[N, C]` or the labels do not fit them
 * @throws RangeError if a label is not an integer in [0, C)
 * @throws TypeError if a tensor of class indices is not int32
 * @example
 * losses.crossEntropy(tensor([[2, 0, 0], [0, 3, 0]]), [0, 1]).item(); // 0.167…
 */
export function crossEntropy(
  logits: Tensor,
  labels: Tensor | readonly number[] | Int32Array,
  options: LossOptions = {},
): Tensor {
  if (logits.shape.length !== 2) {
    throw new ShapeError(`crossEntropy: logits must be [N, C], got ${formatShape(logits.shape)}`);
  }
  const { reduction = "mean" } = options;
  checkReduction("crossEntropy", reduction, logits);
  if (labels instanceof Tensor && labels.shape.length === 2) {
    if (!sameShape(labels.shape, logits.shape)) throw labelsDoNotFit(logits, labels.shape);
    return reduceLoss(logits.logSoftmax().mul(labels).sum(1).neg(), reduction);
  }
  return reduceLoss(softmaxCrossEntropy(logits, classIndices(logits, labels)), reduction);
}

function classIndices(logits: Tensor, labels: Tensor | readonly number[] | Int32Array): Tensor {
  if (labels instanceof Tensor && labels.dtype !== "int32") {
    throw new TypeError(
      `crossEntropy: a tensor of class indices must be int32, got ${labels.dtype}; ` +
        `make it with tensor(labels, { dtype: "int32" }), or give a plain array`,
    );
  }
  const shape = labels instanceof Tensor ? labels.shape : [labels.length];
  const [examples, classes] = logits.shape;
  if (!sameShape(shape, [examples])) throw labelsDoNotFit(logits, shape);
  const values = labels instanceof Tensor ? labels.raw.data : labels;
  for (let index = 0; index < examples; index++) {
    const label = values[index];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new RangeError(
        `crossEntropy: label ${label} at index ${index} is not a class of logits ` +
          `${formatShape(logits.shape)}; labels are integers from 0 to ${classes - 1}`,
      );
    }
  }
  return labels instanceof Tensor ? labels : Tensor.from(Int32Array.from(labels), shape);
}

const labelsDoNotFit = (logits: Tensor, shape: readonly number[]): ShapeError =>
  new ShapeError(
    `crossEntropy: labels ${formatShape(shape)} do not fit logits ${formatShape(logits.shape)}; ` +
      `give ${logits.shape[0]} class indices or a tensor ${formatShape(logits.shape)}`,
  );
