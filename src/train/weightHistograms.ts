import type { Module } from "../nn/index.ts";
import type { Callback } from "./callback.ts";
import type { History, Histogram } from "./history.ts";
import { checkCount } from "./monitor.ts";
import type { Training } from "./training.ts";

export interface WeightHistogramsOptions {
  /** Bins between the least and the greatest weight. Default 40. */
  readonly bins?: number;
  /** Record each so many epochs. Default 1. */
  readonly every?: number;
}

/**
 * Record how the weights of each parameter are spread, before training and after each epoch, into
 * `history.weightHistograms`.
 *
 * @param options.bins default 40
 * @param options.every record each so many epochs, default 1
 * @throws RangeError unless both are integers >= 1
 * @example
 * const history = await train.fit(model, { …, callbacks: [train.weightHistograms()] });
 * history.weightHistograms.at(-1).histograms["0.weight"].counts;
 */
export function weightHistograms(options: WeightHistogramsOptions = {}): Callback {
  const { bins = 40, every = 1 } = options;
  checkCount("weightHistograms", "bins", bins);
  checkCount("weightHistograms", "every", every);
  const record = (history: History, { parts: { model } }: Training): void => {
    const epoch = history.epochs.length;
    if (epoch % every !== 0) return;
    const histograms = histogramsOf(model, bins);
    history.weightHistograms.push({ epoch, steps: history.stepLosses.length, histograms });
  };
  return {
    onStart(history, training) {
      // A training that was resumed began before.
      if (history.stepLosses.length === 0) record(history, training);
    },
    onEpoch: record,
  };
}

/** How the weights of each parameter are spread now. */
export function histogramsOf(model: Module, bins: number): Record<string, Histogram> {
  return Object.fromEntries(
    model.namedParameters().map(([name, { raw }]) => [name, histogramOf(raw.data, bins)]),
  );
}

/** Bins of equal width from the least to the greatest number, which falls into the last; what is not finite is left out. */
export function histogramOf(values: ArrayLike<number>, bins: number): Histogram {
  let [low, high] = [Infinity, -Infinity];
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const counts = new Array<number>(bins).fill(0);
  if (low > high) return { low: 0, high: 0, counts };
  const width = (high - low) / bins;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (!Number.isFinite(value)) continue;
    counts[width === 0 ? 0 : Math.min(bins - 1, Math.floor((value - low) / width))]++;
  }
  return { low, high, counts };
}
