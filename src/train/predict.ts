import { DataLoader, type Dataset } from "../data/index.ts";
import type { Module } from "../nn/index.ts";
import { inEvaluation } from "../nn/observe.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkExamples } from "./checkExamples.ts";
import { forward } from "./forward.ts";

export interface PredictOptions {
  /** Examples at a time, which bounds the memory on the way. Default 256. */
  readonly batchSize?: number;
}

/**
 * What a model answers to each example of a data set, in its order, in evaluation mode and without gradients:
 * `[N, …]`. The model's modes are put back afterwards.
 *
 * @throws RangeError if the data set is empty
 * @example
 * train.predict(model, heldOut).argmax(1).data; // the class of each
 */
export function predict(model: Module, dataset: Dataset, options: PredictOptions = {}): Tensor {
  checkExamples("predict", model, dataset);
  const { batchSize = 256 } = options;
  return inEvaluation(model, () =>
    Tensor.noGrad(() =>
      Tensor.scope(() => {
        const outputs: Tensor[] = [];
        for (const { inputs, lengths } of new DataLoader(dataset, { batchSize }))
          outputs.push(Tensor.scope(() => forward(model, inputs, { lengths }).prediction));
        return outputs.length === 1 ? outputs[0] : Tensor.concat(outputs);
      }),
    ),
  );
}
