import type { Batch } from "../data/index.ts";
import type { Module } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import { type Displayable, host, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { exp, log } from "../util/math.ts";
import { checkParts } from "./checkParts.ts";
import type { Loss } from "./evaluate.ts";
import type { Batches, Regularizer } from "./trainingParts.ts";
import { forward } from "./forward.ts";
import { takeTurns, withoutTrace } from "./trial.ts";

export interface LearningRateFinderOptions {
  /** The training batches; walked again from the start should they not suffice. */
  readonly data: Batches;
  /** A mean over the batch, such as `losses.crossEntropy`. */
  readonly loss: Loss;
  /** Any method with a learning rate. */
  readonly optimizer: Optimizer;
  readonly regularizer?: Regularizer;
  /** The first learning rate. Default 1e-7. */
  readonly lowest?: number;
  /** The last. Default 10. */
  readonly highest?: number;
  /** Steps from one to the other, by a constant factor. Default 100. */
  readonly steps?: number;
}

/** The loss at each learning rate that was tried. */
export class LearningRateSearch implements Displayable {
  readonly learningRates: readonly number[];
  /** The loss of each step's batch, before the step. */
  readonly losses: readonly number[];
  /** Their moving average, its start put right as in Adam: β = 0.9. */
  readonly smoothed: readonly number[];

  constructor(learningRates: readonly number[], losses: readonly number[], smoothed: readonly number[]) {
    this.learningRates = learningRates;
    this.losses = losses;
    this.smoothed = smoothed;
  }

  /** Where the smoothed loss falls fastest, before its lowest point: a learning rate to start from. */
  get suggestion(): number | undefined {
    const { smoothed, learningRates } = this;
    const lowest = smoothed.indexOf(Math.min(...smoothed));
    let steepest: number | undefined;
    let greatestFall = 0;
    for (let index = 1; index < lowest; index++) {
      const fall = smoothed[index - 1] - smoothed[index + 1];
      if (fall > greatestFall) [greatestFall, steepest] = [fall, learningRates[index]];
    }
    return steepest;
  }

  toString(): string {
    const { suggestion, learningRates } = this;
    const range = `${learningRates[0]?.toExponential(0)} to ${learningRates.at(-1)?.toExponential(1)}`;
    return suggestion === undefined
      ? `learningRateFinder: the loss fell at no learning rate from ${range}`
      : `learningRateFinder: tried ${range}; the loss falls fastest at ${suggestion.toExponential(1)}`;
  }

  [jupyterDisplay](): MimeBundle {
    return { "text/plain": this.toString() };
  }
}

/** The search ends where the smoothed loss is this many times the lowest so far. */
const DIVERGED = 4;
const BETA = 0.9;

/**
 * Find a learning rate: train for a while with one that grows from step to step, and see where the loss falls fastest
 * and where it explodes. Everything is left as it was: weights, optimizer, loader, random numbers.
 *
 * Smith 2017, https://arxiv.org/abs/1506.01186, with the exponential growth and the smoothing of fastai.
 *
 * @returns the learning rates, their losses, and a suggestion
 * @throws TypeError if the optimizer has no learning rate, or one of its parts is missing or of the wrong kind
 * @throws RangeError unless 0 < lowest < highest, steps is an integer >= 2 and there is a batch
 * @example
 * const search = await train.learningRateFinder(model, { data: loader, loss: losses.crossEntropy, optimizer });
 * optimizer.learningRate = search.suggestion;
 */
export async function learningRateFinder(
  model: Module,
  options: LearningRateFinderOptions,
): Promise<LearningRateSearch> {
  const { data, loss, optimizer, regularizer, lowest = 1e-7, highest = 10, steps = 100 } = options;
  checkParts("learningRateFinder", { model, data, loss, optimizer, regularizer });
  const rated = optimizer as unknown as { learningRate: number };
  if (typeof rated.learningRate !== "number")
    throw new TypeError(`learningRateFinder: ${optimizer.constructor.name} has no learning rate to find`);
  if (!(lowest > 0 && lowest < highest && highest < Infinity))
    throw new RangeError(`learningRateFinder: needs 0 < lowest < highest, got ${lowest} and ${highest}`);
  if (!(Number.isInteger(steps) && steps >= 2))
    throw new RangeError(`learningRateFinder: steps must be an integer >= 2, got ${steps}`);
  const growth = exp(log(highest / lowest) / (steps - 1));
  return await withoutTrace(model, optimizer, data, async () => {
    const [rates, losses, smoothed, turn] = [[] as number[], [] as number[], [] as number[], takeTurns()];
    let average = 0;
    let decay = 1;
    let best = Infinity;
    model.train();
    rated.learningRate = lowest;
    for (const { inputs, labels, lengths } of endless(data)) {
      try {
        const value = optimizer.minimize(() => {
          const batchLoss = loss(forward(model, inputs, { lengths }).prediction, labels);
          return regularizer ? batchLoss.add(regularizer(model.parameters())) : batchLoss;
        });
        average = BETA * average + (1 - BETA) * value;
        decay *= BETA;
        const current = average / (1 - decay);
        // What is not a finite number has exploded too.
        if (!(current <= DIVERGED * best)) break;
        best = Math.min(best, current);
        rates.push(rated.learningRate);
        losses.push(value);
        smoothed.push(current);
        rated.learningRate *= growth;
        await turn();
      } finally {
        inputs.dispose();
        labels.dispose();
        lengths?.dispose();
      }
      if (rates.length === steps || host.interrupted()) break;
    }
    return new LearningRateSearch(rates, losses, smoothed);
  });
}

function* endless(data: Batches): Generator<Batch, never> {
  for (;;) {
    let empty = true;
    for (const batch of data) {
      empty = false;
      yield batch;
    }
    if (empty) throw new RangeError("learningRateFinder: the data gave no batch");
  }
}
