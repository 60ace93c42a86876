import { softmaxCrossEntropy } from "../tensor/functions.ts";
import { requireTensor } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sameShape, sizeOf } from "../util/shape.ts";
import { warnOnce } from "../util/warnOnce.ts";
import { ignoredLabel } from "./ignoredLabel.ts";
import { checkLabels, checkReduction, type LossOptions, reduceLoss } from "./reduction.ts";

export interface CrossEntropyOptions extends LossOptions {
  /**
   * w, how much each class counts: C numbers >= 0. PyTorch's `weight`: with class indices the mean divides by the
   * sum of the examples' weights, with one-hot labels by the number of examples. Default: all 1.
   */
  readonly classWeights?: readonly number[] | Tensor;
  /**
   * The label of examples that count nothing, such as the padding behind short sequences: their loss is 0, no gradient
   * comes from them, and the mean is over the others. Default −100, as in PyTorch.
   */
  readonly ignoreIndex?: number;
}

/**
 * Cross-entropy between softmax(logits) and the labels. For one example with logits z:
 *
 *     class index y:            L = −w_y log softmax(z)_y = w_y (log Σ_c e^{z_c} − z_y)
 *     one-hot/probabilities p:  L = −Σ_c w_c p_c log softmax(z)_c
 *
 * It takes logits, not probabilities: the softmax inside is computed with the maximum subtracted, so that no
 * exponential overflows and no logarithm meets 0.
 *
 * @param logits `[N, C]`; or `[…, C]` with more axes in front, such as `[batch, time, C]`, with labels to match
 * @param labels N class indices in [0, C) (a number array, Int32Array or int32 tensor `[N]`), or a tensor `[N, C]`
 * @param options.classWeights w, default all 1
 * @param options.ignoreIndex the class index of examples that count nothing, default −100
 * @param options.reduction `"mean"` over the examples (default), `"sum"`, or `"none"` for the N losses themselves
 * @returns a scalar, or `[N]` for `"none"`
 * @throws ShapeError if logits are a vector, or the labels or weights do not fit them
 * @throws RangeError if a label is not an integer in [0, C), a probability lies outside [0, 1], a weight is negative,
 *   or there is no example to take the mean of, or none that counts
 * @throws TypeError if a tensor of class indices is not int32
 * @example
 * losses.crossEntropy(tensor([[2, 0, 0], [0, 3, 0]]), [0, 1]).item(); // 0.167…
 */
export function crossEntropy(
  logits: Tensor,
  labels: Tensor | readonly number[] | Int32Array,
  options: CrossEntropyOptions = {},
): Tensor {
  requireTensor("crossEntropy", "logits", logits);
  checkLabels("crossEntropy", labels);
  if (logits.shape.length < 2) {
    throw new ShapeError(`crossEntropy: logits must be [N, C], got ${formatShape(logits.shape)}`);
  }
  const { reduction = "mean", classWeights } = options;
  checkReduction("crossEntropy", reduction, logits);
  if (logits.shape.length > 2) return overLeadingAxes(logits, labels, options);
  const weights = classWeights && weightsOf(logits, classWeights);
  if (labels instanceof Tensor && labels.shape.length === 2) {
    if (!sameShape(labels.shape, logits.shape)) throw labelsDoNotFit(logits, labels.shape);
    checkProbabilities(labels);
    warnOfProbabilities(logits);
    const target = weights
      ? labels.mul(Tensor.from(weights, [weights.length], { dtype: logits.dtype }))
      : labels;
    return reduceLoss(logits.logSoftmax().mul(target).sum(1).neg(), reduction);
  }
  const { ignoreIndex = ignoredLabel } = options;
  const { indices, given, ignoring } = classIndices(logits, labels, ignoreIndex);
  warnOfProbabilities(logits);
  const losses = softmaxCrossEntropy(logits, indices);
  if (!weights && !ignoring) return reduceLoss(losses, reduction);
  const weightOf = (label: number): number => (label === ignoreIndex ? 0 : (weights?.[label] ?? 1));
  return weightedLoss(losses, Float64Array.from(given, weightOf), reduction);
}

/** As if every step of every sequence were an example of its own. */
function overLeadingAxes(
  logits: Tensor,
  labels: Tensor | readonly number[] | Int32Array,
  options: CrossEntropyOptions,
): Tensor {
  const [leading, classes] = [logits.shape.slice(0, -1), logits.size(-1)];
  const oneHot = labels instanceof Tensor && sameShape(labels.shape, logits.shape);
  if (!(labels instanceof Tensor) || !(oneHot || sameShape(labels.shape, leading)))
    throw new ShapeError(
      `crossEntropy: labels ${formatShape(labels instanceof Tensor ? labels.shape : [labels.length])} do not fit ` +
        `logits ${formatShape(logits.shape)}; give a tensor of class indices ${formatShape(leading)}, or one ` +
        formatShape(logits.shape),
    );
  const examples = sizeOf(leading);
  const rows = labels.reshape(oneHot ? [examples, classes] : [examples]);
  const loss = crossEntropy(logits.reshape([examples, classes]), rows, options);
  return options.reduction === "none" ? loss.reshape(leading) : loss;
}

function weightedLoss(losses: Tensor, perExample: Float64Array, reduction: "mean" | "sum" | "none"): Tensor {
  const weighted = losses.mul(Tensor.from(perExample, losses.shape, { dtype: losses.dtype }));
  if (reduction !== "mean") return reduceLoss(weighted, reduction);
  const total = perExample.reduce((sum, weight) => sum + weight, 0);
  if (total === 0)
    throw new RangeError(
      "crossEntropy: every label of this batch is ignored or of a class with weight 0, so there is nothing to learn from",
    );
  return weighted.sum().div(total);
}

function weightsOf(logits: Tensor, given: readonly number[] | Tensor): ArrayLike<number> {
  const shape = given instanceof Tensor ? given.shape : [given.length];
  if (!sameShape(shape, [logits.shape[1]]))
    throw new ShapeError(
      `crossEntropy: classWeights ${formatShape(shape)} do not fit logits ${formatShape(logits.shape)}; ` +
        `give ${logits.shape[1]}, one for each class`,
    );
  const weights = given instanceof Tensor ? given.data : given;
  for (let index = 0; index < weights.length; index++)
    if (!(weights[index] >= 0))
      throw new RangeError(
        `crossEntropy: class weights must be >= 0, got ${weights[index]} for class ${index}`,
      );
  return weights;
}

/** The labels as an int32 tensor, with class 0 where one is ignored, and as they were given. */
function classIndices(
  logits: Tensor,
  labels: Tensor | readonly number[] | Int32Array,
  ignoreIndex: number,
): { indices: Tensor; given: ArrayLike<number>; ignoring: boolean } {
  if (labels instanceof Tensor && labels.dtype !== "int32") {
    throw new TypeError(
      `crossEntropy: a tensor of class indices must be int32, got ${labels.dtype}; ` +
        `make it with tensor(labels, { dtype: "int32" }), or give a plain array`,
    );
  }
  const shape = labels instanceof Tensor ? labels.shape : [labels.length];
  const [examples, classes] = logits.shape;
  if (!sameShape(shape, [examples])) throw labelsDoNotFit(logits, shape);
  const given = labels instanceof Tensor ? labels.raw.data : labels;
  let ignoring = false;
  for (let index = 0; index < examples; index++) {
    const label = given[index];
    if (label === ignoreIndex) ignoring = true;
    else if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new RangeError(
        `crossEntropy: label ${label} at index ${index} is not a class of logits ` +
          `${formatShape(logits.shape)}; labels are integers from 0 to ${classes - 1}`,
      );
    }
  }
  const known = (label: number): number => (label === ignoreIndex ? 0 : label);
  const indices =
    labels instanceof Tensor && !ignoring ? labels : Tensor.from(Int32Array.from(given, known), shape);
  return { indices, given, ignoring };
}

/** Each a probability; together 1, else they are several labels of one example, which compete in a softmax. */
function checkProbabilities(labels: Tensor): void {
  const [examples, classes] = labels.shape;
  const { data } = labels.raw;
  for (let example = 0; example < examples; example++) {
    let sum = 0;
    for (let index = example * classes; index < (example + 1) * classes; index++) {
      if (!(data[index] >= 0 && data[index] <= 1))
        throw new RangeError(
          `crossEntropy: one-hot labels and probabilities lie in [0, 1], got ${data[index]} for example ${example}`,
        );
      sum += data[index];
    }
    if (Math.abs(sum - 1) > 1e-3)
      warnOnce(
        `crossEntropy: the labels of an example add up to ${+sum.toPrecision(3)}, not 1. Where an example may have several ` +
          `labels or none, each class is a question of its own: use binaryCrossEntropy, and a sigmoid in place of ` +
          `the softmax`,
      );
  }
}

/** Rows of numbers in [0, 1] that add up to 1 come from a softmax; the first that does not ends the search. */
function warnOfProbabilities(logits: Tensor): void {
  const [examples, classes] = logits.shape;
  if (classes < 2 || examples === 0) return;
  const { data } = logits.raw;
  for (let start = 0; start < data.length; start += classes) {
    let sum = 0;
    for (let index = start; index < start + classes; index++) {
      if (!(data[index] >= 0 && data[index] <= 1)) return;
      sum += data[index];
    }
    if (!(Math.abs(sum - 1) < 1e-5)) return;
  }
  warnOnce(
    "crossEntropy: the logits of each example lie in [0, 1] and add up to 1, as a softmax leaves them; it takes logits, " +
      "so leave out the softmax at the end of the model",
  );
}

const labelsDoNotFit = (logits: Tensor, shape: readonly number[]): ShapeError =>
  new ShapeError(
    `crossEntropy: labels ${formatShape(shape)} do not fit logits ${formatShape(logits.shape)}; ` +
      `give ${logits.shape[0]} class indices or a tensor ${formatShape(logits.shape)}`,
  );
