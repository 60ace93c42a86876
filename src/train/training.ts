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

/** Sums over the batches of the epoch under way. */
export interface EpochSums {
  readonly loss: number;
  readonly penalty: number;
  readonly right: number;
  readonly examples: number;
  readonly steps: number;
  /** Those that were done with: several steps may be made of one. */
  readonly batches: number;
  readonly metrics: Readonly<Record<string, number>>;
}

const noSums: EpochSums = { loss: 0, penalty: 0, right: 0, examples: 0, steps: 0, batches: 0, metrics: {} };

/** Thrown out of `minimize` before back-propagation, so that the parameters stay as they were. */
class Divergence extends Error {}

/** One model being trained by one optimizer. It advances when asked, so that several can take turns. */
export class Training {
  readonly name: string;
  readonly history: History = new History();
  readonly parts: TrainingParts;
  /** What the epoch under way has come to; a training that is resumed in mid-epoch goes on from there. */
  sums: EpochSums = noSums;
  /** Whether the last step was the last of its batch: only there can it be resumed. */
  betweenBatches = true;
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
    const means = new MetricMeans(metrics, this.sums.metrics, this.sums.examples);
    model.train();
    let started = performance.now();
    // The last batch may have been the last thing before a checkpoint.
    const left = this.sums.batches > 0 && this.sums.batches === data.length ? [] : data;
    for (const batch of left) {
      const carried = new CarriedState("fit with a window");
      let pieces = window === undefined ? 1 : Math.max(1, Math.ceil(batch.inputs.size(1) / window));
      try {
        for (const piece of window === undefined ? [batch] : windows(batch, window)) {
          const step = this.#step(piece, means, carried);
          if (!step) return history.end("diverged");
          const count = countOf(piece);
          means.add(step.metrics, count);
          this.betweenBatches = --pieces === 0;
          this.sums = {
            loss: this.sums.loss + step.loss * count,
            penalty: this.sums.penalty + step.penalty,
            right: this.sums.right + (step.accuracy ?? NaN) * count,
            examples: means.examples,
            steps: this.sums.steps + 1,
            batches: this.sums.batches + (this.betweenBatches ? 1 : 0),
            metrics: means.sums,
          };
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
    const sums = this.sums;
    this.sums = noSums;
    if (sums.steps === 0)
      throw new RangeError("fit: the data gave no batch; is it empty, or dropLast too strict?");
    const validated = validation && evaluate(model, validation, { loss, metrics });
    history.recordEpoch({
      epoch: history.epochs.length + 1,
      steps: history.stepLosses.length,
      loss: sums.loss / sums.examples,
      accuracy: Number.isNaN(sums.right) ? undefined : sums.right / sums.examples,
      validationLoss: validated?.loss,
      validationAccuracy: validated?.accuracy,
      penalty: regularizer && sums.penalty / sums.steps,
      learningRate: (optimizer as { learningRate?: number }).learningRate,
      metrics: means.means(),
      validationMetrics: validated?.metrics,
    });
  }

  /** Where the random numbers that its steps draw stand. */
  get randomness(): GeneratorState {
    return this.#randomness ?? defaultGenerator().state();
  }

  set randomness(state: GeneratorState) {
    if (this.#randomness) this.#randomness = state;
    else defaultGenerator().restore(state);
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
      let made = false;
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
        made = true;
        return step;
      } catch (error) {
        if (!(error instanceof Divergence)) throw error;
        // The same random numbers again, so that dropout leaves out the same units.
        generator.restore(randomness);
        this.history.failure = whereNonFinite(this.parts, inputs, labels, options);
        return undefined;
      } finally {
        if (!made) this.#buffers.forEach((raw, index) => raw.data.set(buffers[index]));
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
