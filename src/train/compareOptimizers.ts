import { type ColumnTable, table } from "arquero";
import { DataLoader, type Dataset } from "../data/index.ts";
import type { Module } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import { defaultGenerator } from "../random/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { checkParts } from "./checkParts.ts";
import type { Loss } from "./evaluate.ts";
import type { History } from "./history.ts";
import { type RunOptions, runTrainings } from "./runTrainings.ts";
import type { Metrics } from "./metrics.ts";
import { Training } from "./training.ts";
import type { Regularizer } from "./trainingParts.ts";

export interface CompareOptions extends RunOptions {
  /** Makes the model anew for each optimizer: the same seed gives each the same first weights. */
  readonly model: () => Module;
  /** What races, by name: `{ SGD: (parameters) => new optim.SGD(parameters, { learningRate: 0.1 }) }`. */
  readonly optimizers: Readonly<Record<string, (parameters: Tensor[]) => Optimizer>>;
  /** The training examples; each optimizer sees them in the same batches, in the same order. */
  readonly data: Dataset;
  /** Evaluated after every epoch. */
  readonly validation?: Dataset;
  /** A mean over the batch, such as `losses.crossEntropy`. */
  readonly loss: Loss;
  /** A penalty on the weights that joins the loss. */
  readonly regularizer?: Regularizer;
  /** Further numbers to average over each epoch, by name. */
  readonly metrics?: Metrics;
  /** Examples a batch. Default 32. */
  readonly batchSize?: number | "all";
  /** Fixes the first weights, the batches, and whatever the model draws while it learns. Default 0. */
  readonly seed?: number;
}

/** What came of a race. */
export class Comparison implements Displayable {
  readonly histories: Readonly<Record<string, History>>;
  /** The trained models, by the name of the optimizer. */
  readonly models: Readonly<Record<string, Module>>;

  constructor(histories: Record<string, History>, models: Record<string, Module>) {
    this.histories = histories;
    this.models = models;
  }

  /**
   * A row an optimizer: `optimizer`, `accuracy` (of the last epoch, on the validation examples if there are any),
   * `loss` (the training loss of the last epoch), `seconds` (in its own training steps).
   */
  table(): ColumnTable {
    const entries = Object.entries(this.histories);
    const last = entries.map(([, history]) => history.epochs.at(-1));
    return table({
      optimizer: entries.map(([name]) => name),
      accuracy: last.map((epoch) => epoch?.validationAccuracy ?? epoch?.accuracy),
      loss: last.map((epoch) => epoch?.loss),
      seconds: entries.map(([, history]) => history.seconds),
    });
  }

  [jupyterDisplay](): MimeBundle {
    const lines = Object.entries(this.histories).map(([name, history]) => `${name}: ${history.toString()}`);
    return { "text/plain": lines.join("\n") };
  }
}

/**
 * Race optimizers on the same problem: the same first weights, the same batches in the same order.
 *
 * They take turns epoch by epoch, so that their curves grow side by side; the time of each is its own. One that
 * diverges ends with a warning and the others go on; an interrupt ends all and returns what there is. The
 * session's random numbers go on afterwards as if nothing had been drawn.
 *
 * @throws RangeError if epochs is not an integer >= 1
 * @throws TypeError if there is no optimizer
 * @example
 * const race = await train.compareOptimizers({
 *   model: () => new nn.Sequential(new nn.Flatten(), new nn.Linear(64, 32), new nn.ReLU(), new nn.Linear(32, 10)),
 *   optimizers: {
 *     SGD: (parameters) => new optim.SGD(parameters, { learningRate: 0.1 }),
 *     Adam: (parameters) => new optim.Adam(parameters, { learningRate: 0.003 }),
 *   },
 *   data: training, validation, loss: losses.crossEntropy, epochs: 20, seed: 1, live: plot.lossCurves,
 * });
 * race.table();
 */
export async function compareOptimizers(options: CompareOptions): Promise<Comparison> {
  const { model: makeModel, optimizers, data, batchSize = 32, seed = 0 } = options;
  const { validation, loss, regularizer, metrics } = options;
  if (Object.keys(optimizers).length === 0) {
    throw new TypeError("compareOptimizers: no optimizers; give { name: (parameters) => optimizer, … }");
  }
  const generator = defaultGenerator();
  const trainings = Object.entries(optimizers).map(([name, makeOptimizer]) => {
    const session = generator.state();
    try {
      generator.seed(seed);
      const model = makeModel();
      const optimizer = makeOptimizer(model.parameters());
      const loader = new DataLoader(data, { batchSize, shuffle: true, seed });
      return new Training(
        name,
        { model, data: loader, validation, loss, optimizer, regularizer, metrics },
        generator.state(),
      );
    } finally {
      generator.restore(session);
    }
  });
  for (const { parts } of trainings) checkParts("compareOptimizers", parts, options.callbacks ?? []);
  const histories = await runTrainings("compareOptimizers", trainings, options);
  return new Comparison(
    histories,
    Object.fromEntries(trainings.map(({ name, parts }) => [name, parts.model])),
  );
}
