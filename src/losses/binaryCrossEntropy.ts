import { requireTensor } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { broadcastShapes, formatShape, sameShape, sizeOf } from "../util/shape.ts";
import { warnOnce } from "../util/warnOnce.ts";
import { checkLabels, checkReduction, type ElementLossOptions, reduceElements } from "./reduction.ts";

export interface BinaryCrossEntropyOptions extends ElementLossOptions {
  /**
   * p, how much a positive label counts against a negative one: a number, or one for each class (the last axis).
   * PyTorch's `pos_weight`: the mean still divides by the number of elements. (Negatives ÷ positives) evens out a
   * rare class. Default 1.
   */
  readonly positiveWeight?: number | readonly number[] | Tensor;
}

/**
 * Binary cross-entropy between σ(logits) and the labels, element by element. For a logit z and a label y:
 *
 *     L = −[p y ln σ(z) + (1 − y) ln(1 − σ(z))] = p y softplus(−z) + (1 − y) softplus(z)
 *
 * For two classes (one logit an example), and for several labels an example (one logit a class), where a softmax
 * would make the classes compete. It takes logits, not probabilities: softplus(x) = max(x, 0) + ln(1 + e⁻|ˣ|)
 * neither overflows nor meets ln 0.
 *
 * @param logits z, of any shape, such as `[N, 1]` or `[N, C]`
 * @param labels y in [0, 1]: a tensor of the same shape; or N labels 0 or 1 (a number array, Int32Array or tensor
 *   `[N]`) for logits `[N]` or `[N, 1]`
 * @param options.positiveWeight p, default 1
 * @param options.reduction `"mean"` over all elements (default), `"sum"`, or `"none"` for each element's own
 * @param options.lengths steps that count of each sequence, for `[batch, time, …]`; default all
 * @returns a scalar, or the logits' shape for `"none"`
 * @throws ShapeError if the labels or weights do not fit the logits
 * @throws RangeError naming the first label outside [0, 1], or if there is no element to take the mean of
 * @example
 * losses.binaryCrossEntropy(tensor([[3], [-1]]), [1, 0]).item(); // 0.180…
 */
export function binaryCrossEntropy(
  logits: Tensor,
  labels: Tensor | readonly number[] | Int32Array,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  const { reduction = "mean", positiveWeight } = options;
  requireTensor("binaryCrossEntropy", "logits", logits);
  checkLabels("binaryCrossEntropy", labels);
  checkReduction("binaryCrossEntropy", reduction, logits);
  const target = targetOf(logits, labels);
  warnOfProbabilities(logits);
  const positive = logits.neg().softplus().mul(target);
  const negative = logits.softplus().mul(target.neg().add(1));
  const weighted = positiveWeight === undefined ? positive : positive.mul(weightsOf(logits, positiveWeight));
  return reduceElements("binaryCrossEntropy", weighted.add(negative), options);
}

/** The labels as a tensor of the logits' shape. */
function targetOf(logits: Tensor, labels: Tensor | readonly number[] | Int32Array): Tensor {
  const shape = labels instanceof Tensor ? labels.shape : [labels.length];
  const column = sameShape(logits.shape, [shape[0], 1]) && shape.length === 1;
  if (!column && !sameShape(shape, logits.shape))
    throw new ShapeError(
      `binaryCrossEntropy: labels ${formatShape(shape)} do not fit logits ${formatShape(logits.shape)}; ` +
        `give each logit a label`,
    );
  const values = labels instanceof Tensor ? labels.raw.data : labels;
  for (let index = 0; index < values.length; index++)
    if (!(values[index] >= 0 && values[index] <= 1))
      throw new RangeError(
        `binaryCrossEntropy: the label ${values[index]} at index ${index} lies outside [0, 1]` +
          (values[index] === -1
            ? "; write −1 and 1 as 0 and 1"
            : "; more than two classes are for crossEntropy"),
      );
  const target = labels instanceof Tensor ? labels : Tensor.from(labels, shape, { dtype: logits.dtype });
  return column ? target.reshape(logits.shape) : target;
}

function weightsOf(logits: Tensor, given: number | readonly number[] | Tensor): Tensor {
  const weights =
    given instanceof Tensor
      ? given
      : typeof given === "number"
        ? Tensor.full([], given, { dtype: logits.dtype })
        : Tensor.from(given, [given.length], { dtype: logits.dtype });
  const wide = broadcastShapes("binaryCrossEntropy's positiveWeight", logits.shape, weights.shape);
  if (!sameShape(wide, logits.shape))
    throw new ShapeError(
      `binaryCrossEntropy: positiveWeight ${formatShape(weights.shape)} does not fit logits ` +
        `${formatShape(logits.shape)}; give a number, or one for each class`,
    );
  if (weights.raw.data.some((weight: number) => !(weight >= 0)))
    throw new RangeError("binaryCrossEntropy: a positiveWeight must be >= 0");
  return weights;
}

/** Whether they come from a layer without an activation: of a network that is at a loss they may lie in [0, 1] by chance. */
function isAffine({ origin }: Tensor): boolean {
  let last = origin;
  while (last?.op.name === "reshape") last = last.inputs?.[0].origin;
  const activated = last?.options === "sigmoid";
  return !activated && ["linear", "add", "matmul", "conv2d"].includes(last?.op.name ?? "");
}

/** So many numbers without one outside [0, 1] are hardly logits. */
const SUSPICIOUS = 32;

function warnOfProbabilities(logits: Tensor): void {
  if (isAffine(logits)) return;
  const { data } = logits.raw;
  for (let index = 0; index < data.length; index++) if (!(data[index] >= 0 && data[index] <= 1)) return;
  if (isSoftmax(logits))
    warnOnce(
      "binaryCrossEntropy: the logits of each example lie in [0, 1] and add up to 1, as a softmax leaves them, under " +
        "which the labels of an example compete. It takes logits and applies a sigmoid to each, so leave out the " +
        "softmax at the end of the model",
    );
  else if (sizeOf(logits.shape) >= SUSPICIOUS)
    warnOnce(
      "binaryCrossEntropy: all logits lie in [0, 1] and look like probabilities; it takes logits, so leave out the " +
        "sigmoid at the end of the model",
    );
}

/** Whether numbers in [0, 1] add up to 1 along the last axis, two examples or more: by chance they never do. */
function isSoftmax({ shape, raw: { data } }: Tensor): boolean {
  const labels = shape.at(-1) ?? 1;
  if (labels < 2 || data.length < 2 * labels) return false;
  for (let start = 0; start < data.length; start += labels) {
    let sum = 0;
    for (let index = start; index < start + labels; index++) sum += data[index];
    if (!(Math.abs(sum - 1) < 1e-5)) return false;
  }
  return true;
}
