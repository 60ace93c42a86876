import type { Module } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Displayable, host, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { checkParts } from "./checkParts.ts";
import type { Loss } from "./evaluate.ts";
import { forward } from "./forward.ts";
import { checkCount } from "./monitor.ts";
import type { Batches } from "./trainingParts.ts";
import { takeTurns, withoutTrace } from "./trial.ts";

export interface OverfitOptions {
  /** Its first batch is taken. */
  readonly data: Batches;
  /** A mean over the batch, such as `losses.crossEntropy`. */
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Steps to try. Default 200. */
  readonly steps?: number;
  /** It has learned the batch once the loss is below this fraction of the first. Default 0.05. */
  readonly fraction?: number;
}

/** Whether a model can learn one batch by heart. */
export class OverfitReport implements Displayable {
  /** The loss before each step, and after the last. */
  readonly losses: readonly number[];
  readonly passed: boolean;

  constructor(losses: readonly number[], passed: boolean) {
    this.losses = losses;
    this.passed = passed;
  }

  toString(): string {
    const [first, last] = [this.losses[0], this.losses[this.losses.length - 1]];
    const course = `loss ${first?.toPrecision(3)} → ${last?.toPrecision(3)} in ${this.losses.length - 1} steps on one batch`;
    return this.passed
      ? `overfitOneBatch: passed, ${course}`
      : `overfitOneBatch: failed, ${course}. A model that cannot learn a few examples by heart cannot learn: look at ` +
          `the learning rate, the scale of the inputs, the loss that belongs to the output, and gradients that stop ` +
          `on their way (train.gradientCheck)`;
  }

  [jupyterDisplay](): MimeBundle {
    return { "text/plain": this.toString() };
  }
}

/**
 * Try whether the model can learn a single batch by heart: the quickest check that model, loss and optimizer fit
 * together. Everything is left as it was: weights, optimizer, loader, random numbers.
 *
 * @returns whether the loss fell below `fraction` of the first, and its course
 * @throws TypeError or RangeError if one of its parts is missing or of the wrong kind, or there is no batch
 * @example
 * await train.overfitOneBatch(model, { data: loader, loss: losses.crossEntropy, optimizer });
 */
export async function overfitOneBatch(model: Module, options: OverfitOptions): Promise<OverfitReport> {
  const { data, loss, optimizer, steps = 200, fraction = 0.05 } = options;
  checkParts("overfitOneBatch", { model, data, loss, optimizer });
  checkCount("overfitOneBatch", "steps", steps);
  return await withoutTrace(model, optimizer, data, async () => {
    const [losses, turn] = [[] as number[], takeTurns()];
    model.train();
    for (const { inputs, labels, lengths } of data) {
      const batchLoss = (): Tensor => loss(forward(model, inputs, { lengths }).prediction, labels);
      try {
        for (let step = 0; step < steps && !host.interrupted(); step++) {
          losses.push(optimizer.minimize(batchLoss));
          await turn();
        }
        const last = Tensor.noGrad(() => Tensor.scope(() => batchLoss().item()));
        return new OverfitReport([...losses, last], last < fraction * losses[0]);
      } finally {
        inputs.dispose();
        labels.dispose();
        lengths?.dispose();
      }
    }
    throw new RangeError("overfitOneBatch: the data gave no batch");
  });
}
