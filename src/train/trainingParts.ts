import type { Batch, Dataset } from "../data/index.ts";
import type { Module } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Loss } from "./evaluate.ts";
import type { Metrics } from "./metrics.ts";

/** A penalty on the weights that joins the loss, such as `regularizers.l1(0.001)`. */
export type Regularizer = (parameters: Iterable<Tensor>) => Tensor;

/** Batches that can be walked again for each epoch, and counted: a `DataLoader`. */
export interface Batches extends Iterable<Batch> {
  readonly length: number;
}

export interface TrainingParts {
  readonly model: Module;
  readonly data: Batches;
  readonly validation?: Dataset | undefined;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly regularizer?: Regularizer | undefined;
  readonly metrics?: Metrics | undefined;
  readonly window?: number | undefined;
}
