import type { Dataset } from "../data/index.ts";
import type { Module } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import { kindOf } from "../tensor/requireTensor.ts";
import { readCheckpoint } from "./checkpointFile.ts";
import { checkParts } from "./checkParts.ts";
import type { Loss } from "./evaluate.ts";
import type { History } from "./history.ts";
import type { Metrics } from "./metrics.ts";
import { checkCount } from "./monitor.ts";
import { type RunOptions, runTrainings } from "./runTrainings.ts";
import { Training } from "./training.ts";
import type { Batches, Regularizer } from "./trainingParts.ts";
import { accompany, restoreTraining } from "./trainingState.ts";

export interface FitOptions extends RunOptions {
  /** The training batches: a `DataLoader`. */
  readonly data: Batches;
  /** Evaluated after every epoch. */
  readonly validation?: Dataset;
  /** A mean over the batch, such as `losses.crossEntropy`. */
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** A penalty on the weights that joins the loss: `regularizers.l1(0.001)`. The history keeps the two apart. */
  readonly regularizer?: Regularizer;
  /** Further numbers to average over each epoch, by name: `{ recall: (prediction, labels) => … }`. */
  readonly metrics?: Metrics;
  /**
   * Truncated back-propagation through time: sequences are learned in windows of so many steps, one step of the
   * optimizer each. The state is carried from a window to the next and gradients are cut between them, so that the cost of
   * a step does not grow with the sequence. Such a model takes `forward(inputs, { state })` and answers
   * `{ output, state }`, as `nn.LSTM` does, and every step of a sequence has a label. Default: whole sequences.
   */
  readonly window?: number;
  /**
   * Go on from a file that `train.checkpoint` wrote, bit for bit as if nothing had come between. Model, optimizer, data
   * and callbacks are made as they were then; `epochs` counts those before as well.
   */
  readonly resume?: string;
  /** The training's name in legends. Default "training". */
  readonly name?: string;
}

/**
 * Train a model: for each epoch, for each batch, one step of the optimizer.
 *
 * While it runs it shows a line of progress with the time left, a table of the epochs and, with `live`, curves that grow. Interrupting it ends it after the
 * step under way and returns the history so far. If the loss stops being a finite number, training ends before
 * that step changes the parameters, with a warning that names the step, the layer where it arose and what to try;
 * `history.failure` keeps it. If an error ends it, in a callback or a loader, nothing is lost either: callbacks are
 * told of the end, so that early stopping gives the best weights back, and `train.lastHistories()` holds the history
 * until then, as do `histories` of the error.
 *
 * @returns the history: the loss of every step, loss and accuracy of every epoch
 * @throws RangeError if epochs, or window, is not an integer >= 1
 * @throws TypeError if the optimizer holds no parameter of the model
 * @throws Error if the file to resume from is missing, damaged or of another training, which each tensor that differs
 *   says; nothing is changed then
 * @example
 * const history = await train.fit(model, {
 *   data: new data.DataLoader(training, { batchSize: 32, shuffle: true }),
 *   validation,
 *   loss: losses.crossEntropy,
 *   optimizer: new optim.Adam(model.parameters(), { learningRate: 0.01 }),
 *   epochs: 20,
 *   live: plot.lossCurves,
 * });
 */
export async function fit(model: Module, options: FitOptions): Promise<History> {
  if (typeof options !== "object" || options === null)
    throw new TypeError(
      `fit: it takes { data, loss, optimizer, epochs } after the model, got ${kindOf(options)}`,
    );
  const { data, validation, loss, optimizer, regularizer, metrics, window, name = "training" } = options;
  const { resume, callbacks = [] } = options;
  if (window !== undefined) checkCount("fit", "window", window);
  checkParts("fit", { model, data, validation, loss, optimizer, regularizer, metrics }, callbacks);
  const owned = new Set(model.parameters());
  if (!optimizer.parameters.some((parameter) => owned.has(parameter))) {
    throw new TypeError(
      "fit: the optimizer holds no parameter of this model; make it with model.parameters() of this very model",
    );
  }
  const training = new Training(name, {
    model,
    data,
    validation,
    loss,
    optimizer,
    regularizer,
    metrics,
    window,
  });
  if (resume !== undefined) {
    accompany(training, callbacks);
    restoreTraining(training, await readCheckpoint(resume), `fit: ${resume}`);
  }
  await runTrainings("fit", [training], options);
  return training.history;
}
