import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";

/** What one epoch came to. Accuracies are fractions, undefined where labels are not class indices. */
export interface EpochRecord {
  /** 1, 2, … */
  readonly epoch: number;
  /** Steps made by its end, from the start of training: where it lies on the axis of `stepLosses`. */
  readonly steps: number;
  /** Mean over the epoch's examples, each at the moment its batch was used. */
  readonly loss: number;
  readonly accuracy: number | undefined;
  readonly validationLoss: number | undefined;
  readonly validationAccuracy: number | undefined;
  /** Mean of the regularizer's penalty over the epoch's steps, where there is one; the losses are without it. */
  readonly penalty?: number | undefined;
  /** The optimizer's in the last step of the epoch, where it has one. */
  readonly learningRate?: number | undefined;
  /** Means of the metrics that were asked for, by name, over the epoch's examples and over the validation's. */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  readonly validationMetrics?: Readonly<Record<string, number>> | undefined;
}

/** How long the gradients were in one step, by parameter and all together. */
export interface GradientNorms {
  readonly step: number;
  readonly norms: Readonly<Record<string, number>>;
  readonly total: number;
}

/** Counts in bins of equal width from low to high. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

/** How the weights were spread after an epoch, by parameter; epoch 0 is before the first step. */
export interface WeightHistograms {
  readonly epoch: number;
  readonly steps: number;
  readonly histograms: Readonly<Record<string, Histogram>>;
}

/** How the outputs of the layers were spread after an epoch, by layer; epoch 0 is before the first step. */
export interface LayerActivations {
  readonly epoch: number;
  readonly steps: number;
  readonly histograms: Readonly<Record<string, Histogram>>;
  /** The fraction of a layer's units that answered 0 to every one of the examples. */
  readonly dead: Readonly<Record<string, number>>;
}

/** How far one step moved the weights, as a part of their length: by parameter and all together. */
export interface UpdateRatios {
  readonly step: number;
  readonly ratios: Readonly<Record<string, number>>;
  readonly total: number;
}

/**
 * - `running`: not over yet
 * - `finished`: all epochs were done
 * - `interrupted`: the user asked to stop
 * - `stopped`: a callback asked to stop
 * - `diverged`: the loss was no longer a finite number
 * - `failed`: an error ended it
 */
export type HistoryStatus = "running" | "finished" | "interrupted" | "stopped" | "diverged" | "failed";

/** All that a history holds, as plain data. */
export interface HistoryState {
  readonly stepLosses: readonly number[];
  readonly epochs: readonly EpochRecord[];
  readonly gradientNorms: readonly GradientNorms[];
  readonly weightHistograms: readonly WeightHistograms[];
  readonly activations?: readonly LayerActivations[];
  readonly updateRatios?: readonly UpdateRatios[];
  readonly seconds: number;
  readonly status: HistoryStatus;
}

/** The record of one training, growing while it runs: curves read it, and `subscribe` tells of each change. */
export class History implements Displayable {
  /** The loss of each step, before the step was made. */
  readonly stepLosses: number[] = [];
  readonly epochs: EpochRecord[] = [];
  /** What the callback `gradientNorms` records. */
  readonly gradientNorms: GradientNorms[] = [];
  /** What the callback `weightHistograms` records. */
  readonly weightHistograms: WeightHistograms[] = [];
  /** The files that the callback `checkpoint` wrote. */
  readonly checkpoints = new Set<string>();
  /** The id of the run that keeps it, where `track` was asked for: `track.open(history.run)`. */
  run: string | undefined;
  /** What the callback `activations` records. */
  readonly activations: LayerActivations[] = [];
  /** What the callback `updateRatios` records. */
  readonly updateRatios: UpdateRatios[] = [];
  /** The epoch whose weights `earlyStopping` gave the model back in the end. */
  restoredEpoch: number | undefined;
  /** Where a loss that is not a finite number arose, and what to try; or which error ended training, and when. */
  failure: string | undefined;
  /** Time spent in training steps; validation and drawing are left out. */
  seconds = 0;
  #status: HistoryStatus = "running";
  readonly #listeners = new Set<() => void>();

  get status(): HistoryStatus {
    return this.#status;
  }

  /** Call `listener` after every change. Returns what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  recordStep(loss: number, seconds: number): void {
    this.stepLosses.push(loss);
    this.seconds += seconds;
    this.#notify();
  }

  recordEpoch(record: EpochRecord): void {
    this.epochs.push(record);
    this.#notify();
  }

  /** The first end counts: a training that diverged is not finished later. */
  end(status: Exclude<HistoryStatus, "running">): void {
    if (this.#status !== "running") return;
    this.#status = status;
    this.#notify();
  }

  state(): HistoryState {
    const { stepLosses, epochs, gradientNorms, weightHistograms, activations, updateRatios } = this;
    const { seconds, status } = this;
    return {
      stepLosses,
      epochs,
      gradientNorms,
      weightHistograms,
      activations,
      updateRatios,
      seconds,
      status,
    };
  }

  /** Go on from a saved state: one that a callback had stopped stays so, any other runs again. */
  restore(state: HistoryState): void {
    const put = <T>(into: T[], saved: readonly T[]): void => {
      if (into === saved) return;
      into.length = 0;
      for (const item of saved) into.push(item);
    };
    put(this.stepLosses, state.stepLosses);
    put(this.epochs, state.epochs);
    put(this.gradientNorms, state.gradientNorms);
    put(this.weightHistograms, state.weightHistograms);
    put(this.activations, state.activations ?? []);
    put(this.updateRatios, state.updateRatios ?? []);
    this.seconds = state.seconds;
    this.#status = state.status === "stopped" ? "stopped" : "running";
  }

  toString(): string {
    const last = this.epochs.at(-1);
    const loss = last?.loss ?? this.stepLosses.at(-1);
    const parts = [
      `History: ${this.status} after ${count(this.epochs.length, "epoch")}, ${count(this.stepLosses.length, "step")}`,
      loss !== undefined && `loss ${loss.toPrecision(4)}`,
      last?.penalty !== undefined && `penalty ${last.penalty.toPrecision(4)}`,
      last?.accuracy !== undefined && `accuracy ${percent(last.accuracy)}`,
      last?.validationLoss !== undefined && `validation loss ${last.validationLoss.toPrecision(4)}`,
      last?.validationAccuracy !== undefined && `validation accuracy ${percent(last.validationAccuracy)}`,
      this.restoredEpoch !== undefined && `weights of epoch ${this.restoredEpoch}`,
      `${this.seconds.toFixed(2)} s`,
      this.run !== undefined && `run ${this.run}`,
    ];
    const line = parts.filter((part) => part !== false).join(", ");
    return this.failure === undefined ? line : `${line}\n${this.failure}`;
  }

  [jupyterDisplay](): MimeBundle {
    return { "text/plain": this.toString() };
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** "97.2 %" */
export const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;

/** "1 epoch", "2 epochs" */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
