import { closest } from "../util/closest.ts";
import type { EpochRecord, History } from "./history.ts";
import type { TrainingParts } from "./trainingParts.ts";

export interface MonitorOptions {
  /**
   * What counts: a number of each epoch's record, or a function that finds one there, such as
   * `({ validationMetrics }) => validationMetrics.f1`. Default `"validationLoss"`.
   */
  readonly monitor?:
    | "loss"
    | "accuracy"
    | "validationLoss"
    | "validationAccuracy"
    | ((epoch: EpochRecord) => number | undefined);
  /** Whether less is better or more. Default `"max"` for accuracies, else `"min"`. */
  readonly mode?: "min" | "max";
  /** A change must exceed this to count as an improvement. Default 0. */
  readonly minDelta?: number;
}

export interface Monitor {
  /** What is watched, in words. */
  readonly quantity: string;
  /** @throws TypeError before the first step if no epoch will have it, for want of validation examples */
  check(parts: TrainingParts): void;
  /** Its value in the last epoch. */
  latest(history: History): number;
  /** Whether a value is better than the best so far; NaN never is, and every number is better than none. */
  improves(value: number, best: number | undefined): boolean;
}

const quantities: readonly string[] = ["loss", "accuracy", "validationLoss", "validationAccuracy"];

/** What `earlyStopping`, `checkpoint` and `reduceLearningRateOnPlateau` share. @throws RangeError for a bad option */
export function monitorOf(callback: string, options: MonitorOptions): Monitor {
  const { monitor = "validationLoss", minDelta = 0 } = options;
  if (typeof monitor === "string" && !quantities.includes(monitor)) {
    const meant = closest(monitor, quantities);
    throw new RangeError(
      `${callback}: there is no "${monitor as string}" to monitor; ${meant ? `did you mean "${meant}"? ` : ""}` +
        `There is ${quantities.join(", ")}, or a function of the epoch's record`,
    );
  }
  const quantity = typeof monitor === "string" ? monitor : "the monitored number";
  const { mode = /accuracy/i.test(quantity) ? "max" : "min" } = options;
  if (mode !== "min" && mode !== "max")
    throw new RangeError(`${callback}: mode must be "min" or "max", got "${String(mode)}"`);
  if (!(minDelta >= 0)) throw new RangeError(`${callback}: minDelta must be >= 0, got ${minDelta}`);
  const missing = (): TypeError =>
    new TypeError(
      `${callback}: the epochs have no ${quantity}; ` +
        (quantity.startsWith("validation")
          ? `give validation examples, or watch the training with { monitor: "loss" }`
          : `watch "loss" or "validationLoss"`),
    );
  return {
    quantity,
    check({ validation }) {
      if (quantity.startsWith("validation") && !validation) throw missing();
    },
    latest(history) {
      const record = history.epochs[history.epochs.length - 1];
      const value = typeof monitor === "string" ? record[monitor] : monitor(record);
      if (typeof value === "number") return value;
      throw missing();
    },
    improves(value, best) {
      if (best === undefined) return !Number.isNaN(value);
      return mode === "min" ? value < best - minDelta : value > best + minDelta;
    },
  };
}

/** @throws RangeError unless value is an integer >= 1 */
export function checkCount(callback: string, name: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1))
    throw new RangeError(`${callback}: ${name} must be an integer >= 1, got ${value}`);
}
