import type { Batch, Dataset } from "../data/index.ts";
import type { Module } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import { defaultGenerator, type GeneratorState } from "../random/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { accuracy, areClasses } from "./accuracy.ts";
import { evaluate, type Loss } from "./evaluate.ts";
import { History } from "./history.ts";

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
}

/** Thrown out of `minimize` before back-propagation, so that the parameters stay as they were. */
class Divergence extends Error {}

/** One model being trained by one optimizer. It advances when asked, so that several can take turns. */
export class Training {
  readonly name: string;
  readonly history: History = new History();
  readonly parts: TrainingParts;
  /** Where its own stream of random numbers stands; undefined: it draws from the session's. */
  #randomness: GeneratorState | undefined;

  constructor(name: string, parts: TrainingParts, randomness?: GeneratorState) {
    this.name = name;
    this.parts = parts;
    this.#randomness = randomness;
  }

  /** One epoch; hands over control after every step. Leaving early leaves the epoch unrecorded. */
  *epoch(): Generator<void, void, undefined> {
    const { model, data, validation, loss } = this.parts;
    const { history } = this;
    model.train();
    let lossSum = 0;
    let rightSum = 0;
    let seen = 0;
    let started = performance.now();
    for (const batch of data) {
      try {
        const step = this.#step(batch);
        if (!step) return history.end("diverged");
        lossSum += step.loss * batch.size;
        rightSum += (step.accuracy ?? NaN) * batch.size;
        seen += batch.size;
        history.recordStep(step.loss, (performance.now() - started) / 1000);
        yield;
      } finally {
        batch.inputs.dispose();
        batch.labels.dispose();
      }
      started = performance.now();
    }
    const validated = validation && evaluate(model, validation, { loss });
    history.recordEpoch({
      epoch: history.epochs.length + 1,
      steps: history.stepLosses.length,
      loss: lossSum / seen,
      accuracy: Number.isNaN(rightSum) ? undefined : rightSum / seen,
      validationLoss: validated?.loss,
      validationAccuracy: validated?.accuracy,
    });
  }

  /** Undefined if the loss is not a finite number, in which case nothing was changed. */
  #step({ inputs, labels }: Batch): { loss: number; accuracy: number | undefined } | undefined {
    const { model, loss, optimizer } = this.parts;
    return this.#withOwnRandomness(() => {
      let fraction: number | undefined;
      try {
        const value = optimizer.minimize(() => {
          const prediction = model.forward(inputs) as Tensor;
          const result = loss(prediction, labels);
          if (result.numel === 1 && !Number.isFinite(result.item())) throw new Divergence();
          if (areClasses(prediction, labels)) fraction = accuracy(prediction, labels);
          return result;
        });
        return { loss: value, accuracy: fraction };
      } catch (error) {
        if (error instanceof Divergence) return undefined;
        throw error;
      }
    });
  }

  #withOwnRandomness<T>(work: () => T): T {
    if (!this.#randomness) return work();
    const shared = defaultGenerator();
    const outer = shared.state();
    shared.restore(this.#randomness);
    try {
      return work();
    } finally {
      this.#randomness = shared.state();
      shared.restore(outer);
    }
  }
}
