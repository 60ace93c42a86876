import { requireTensor } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sameShape } from "../util/shape.ts";

export type Reduction = "mean" | "sum" | "none";

export interface LossOptions {
  /** How the losses become one: their mean (default), their sum, or `"none"`: left as they are. */
  readonly reduction?: Reduction;
}

/** Of losses that compare element by element. */
export interface ElementLossOptions extends LossOptions {
  /**
   * How many steps of each sequence count, `[batch]` integers, for a prediction `[batch, time, …]` with padding behind
   * shorter sequences: there the loss is 0, and the mean is over what lies before. Default: all steps.
   */
  readonly lengths?: Tensor | ArrayLike<number>;
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

/** The losses of the elements within the lengths, reduced. @throws ShapeError or RangeError if these do not fit */
export function reduceElements(
  name: string,
  losses: Tensor,
  { reduction = "mean", lengths }: ElementLossOptions,
): Tensor {
  if (lengths === undefined) return reduceLoss(losses, reduction);
  const steps = stepsWithin(name, losses, lengths);
  const [batch, times] = losses.shape;
  const inside = Float32Array.from({ length: batch * times }, (_, index) =>
    index % times < steps[Math.floor(index / times)] ? 1 : 0,
  );
  const ones = losses.shape.slice(2).map(() => 1);
  const kept = losses.where(Tensor.from(inside, [batch, times, ...ones]), 0);
  if (reduction !== "mean") return reduceLoss(kept, reduction);
  const count = steps.reduce((sum, length) => sum + length, 0) * (losses.numel / (batch * times));
  return kept.sum().div(count);
}

function stepsWithin(name: string, losses: Tensor, lengths: Tensor | ArrayLike<number>): Int32Array {
  const [values, shape] =
    lengths instanceof Tensor ? [lengths.raw.data, lengths.shape] : [lengths, [lengths.length]];
  const [batch, times] = losses.shape;
  if (losses.shape.length < 2 || !sameShape(shape, [batch]))
    throw new ShapeError(
      `${name}: lengths ${formatShape(shape)} do not fit prediction ${formatShape(losses.shape)}; give one for each row ` +
        `of [batch, time, …]`,
    );
  for (let row = 0; row < batch; row++)
    if (!(Number.isInteger(values[row]) && values[row] >= 1 && values[row] <= times))
      throw new RangeError(
        `${name}: the length ${values[row]} of row ${row} does not fit prediction ${formatShape(losses.shape)}; ` +
          `lengths are integers from 1 to ${times}`,
      );
  return Int32Array.from(values);
}
