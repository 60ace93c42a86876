import { DataLoader, type Dataset } from "../data/index.ts";
import type { Module } from "../nn/index.ts";
import { inEvaluation } from "../nn/observe.ts";
import { Tensor } from "../tensor/tensor.ts";
import { accuracy, areClasses } from "./accuracy.ts";
import { forward } from "./forward.ts";
import { checkExamples, checkLoss } from "./checkExamples.ts";
import { countOf } from "./labels.ts";
import { MetricMeans, type Metrics } from "./metrics.ts";

/** A loss of a whole batch, averaged over its examples, as in `losses`. */
export type Loss = (prediction: Tensor, labels: Tensor) => Tensor;

export interface EvaluateOptions {
  /** A mean over the batch, as the functions of `losses` are by default. */
  readonly loss: Loss;
  /** Examples at a time: bounds the memory, and changes the result only by rounding. Default 256. */
  readonly batchSize?: number;
  /** Further numbers to average over the examples, by name: `{ recall: (prediction, labels) => … }`. */
  readonly metrics?: Metrics;
}

/**
 * Means over all examples, or over all steps of sequences whose label is not ignored; accuracy is undefined where labels
 * are not class indices.
 */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number | undefined;
  /** The metrics that were asked for; undefined where none was. */
  readonly metrics: Readonly<Record<string, number>> | undefined;
}

/**
 * Loss and accuracy of a model on a data set, in evaluation mode and without gradients. The model's modes are put
 * back afterwards.
 *
 * @throws RangeError if the data set is empty
 * @example
 * train.evaluate(model, heldOut, { loss: losses.crossEntropy }).accuracy; // 0.97…
 */
export function evaluate(model: Module, dataset: Dataset, options: EvaluateOptions): Evaluation {
  const { loss, batchSize = 256, metrics = {} } = options;
  checkExamples("evaluate", model, dataset);
  checkLoss("evaluate", loss);
  const means = new MetricMeans(metrics);
  let lossSum = 0;
  let rightSum = 0;
  let counted = 0;
  inEvaluation(model, () => {
    for (const batch of new DataLoader(dataset, { batchSize })) {
      Tensor.noGrad(() =>
        Tensor.scope(() => {
          const { inputs, labels, lengths } = batch;
          const { prediction } = forward(model, inputs, { lengths });
          const count = countOf(batch);
          lossSum += loss(prediction, labels).item() * count;
          rightSum += (areClasses(prediction, labels) ? accuracy(prediction, labels) : NaN) * count;
          means.add(means.of(prediction, labels), count);
          counted += count;
        }),
      );
    }
  });
  return {
    loss: lossSum / counted,
    accuracy: Number.isNaN(rightSum) ? undefined : rightSum / counted,
    metrics: means.means(),
  };
}
