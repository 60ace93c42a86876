import type { RawArray } from "../backend/backend.ts";
import type { Batch } from "../data/index.ts";
import { defaultGenerator, type GeneratorState } from "../random/index.ts";
import { accuracy, areClasses } from "./accuracy.ts";
import { CarriedState } from "./carriedState.ts";
import { evaluate } from "./evaluate.ts";
import { forward } from "./forward.ts";
import { History } from "./history.ts";
import { countOf } from "./labels.ts";
import { MetricMeans } from "./metrics.ts";
import { whereNonFinite } from "./nonFinite.ts";
import type { TrainingParts } from "./trainingParts.ts";
import { windows } from "./windows.ts";

interface Step {
  readonly loss: number;
  readonly penalty: number;
  readonly accuracy: number | undefined;
  readonly metrics: Readonly<Record<string, number>>;
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
  /** The model's running statistics, which change as it computes, and must not keep what a failed step did to them. */
  readonly #buffers: readonly RawArray[];

  constructor(name: string, parts: TrainingParts, randomness?: GeneratorState) {
    this.name = name;
    this.parts = parts;
    this.#buffers = parts.model.namedBuffers().map(([, { raw }]) => raw);
    this.#randomness = randomness;
  }

  /** One epoch; hands over control after every step. Leaving early leaves the epoch unrecorded. */
  *epoch(): Generator<void, void, undefined> {
    const { model, data, validation, loss, optimizer, regularizer, metrics = {}, window } = this.parts;
    const { history } = this;
    const means = new MetricMeans(metrics);
    model.train();
    let lossSum = 0;
    let penaltySum = 0;
    let rightSum = 0;
    let seen = 0;
    let steps = 0;
    let started = performance.now();
    for (const batch of data) {
      const carried = new CarriedState("fit with a window");
      try {
        for (const piece of window === undefined ? [batch] : windows(batch, window)) {
          const step = this.#step(piece, means, carried);
          if (!step) return history.end("diverged");
          const count = countOf(piece);
          lossSum += step.loss * count;
          penaltySum += step.penalty;
          rightSum += (step.accuracy ?? NaN) * count;
          means.add(step.metrics, count);
          seen += count;
          steps++;
          history.recordStep(step.loss, (performance.now() - started) / 1000);
          yield;
          started = performance.now();
        }
      } finally {
        carried.dispose();
        batch.inputs.dispose();
        batch.labels.dispose();
        batch.lengths?.dispose();
      }
      started = performance.now();
    }
    if (seen === 0) throw new RangeError("fit: the data gave no batch; is it empty, or dropLast too strict?");
    const validated = validation && evaluate(model, validation, { loss, metrics });
    history.recordEpoch({
      epoch: history.epochs.length + 1,
      steps: history.stepLosses.length,
      loss: lossSum / seen,
      accuracy: Number.isNaN(rightSum) ? undefined : rightSum / seen,
      validationLoss: validated?.loss,
      validationAccuracy: validated?.accuracy,
      penalty: regularizer && penaltySum / steps,
      learningRate: (optimizer as { learningRate?: number }).learningRate,
      metrics: means.means(),
      validationMetrics: validated?.metrics,
    });
  }

  /** Undefined if the loss is not a finite number, in which case parameters and buffers are as before. */
  #step({ inputs, labels, lengths }: Batch, means: MetricMeans, carried: CarriedState): Step | undefined {
    const { model, loss, optimizer, regularizer, window } = this.parts;
    return this.#withOwnRandomness(() => {
      const generator = defaultGenerator();
      const randomness = generator.state();
      const buffers = this.#buffers.map((raw) => raw.data.slice());
      const options = { lengths, state: carried.state };
      let step!: Step;
      try {
        optimizer.minimize(() => {
          const { prediction, state } = forward(model, inputs, options);
          const value = loss(prediction, labels);
          const penalty = regularizer?.(model.parameters());
          const total = penalty ? value.add(penalty) : value;
          if (total.numel === 1 && !Number.isFinite(total.item())) throw new Divergence();
          step = {
            loss: value.numel === 1 ? value.item() : NaN,
            penalty: penalty?.item() ?? 0,
            accuracy: areClasses(prediction, labels) ? accuracy(prediction, labels) : undefined,
            metrics: means.of(prediction, labels),
          };
          if (window !== undefined) carried.next = state;
          return total;
        });
        carried.advance();
        return step;
      } catch (error) {
        if (!(error instanceof Divergence)) throw error;
        // The same random numbers again, so that dropout leaves out the same units.
        generator.restore(randomness);
        this.history.failure = whereNonFinite(this.parts, inputs, labels, options);
        this.#buffers.forEach((raw, index) => raw.data.set(buffers[index]));
        return undefined;
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
