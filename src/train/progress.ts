import type { Callback } from "./callback.ts";
import { percent } from "./history.ts";
import { checkCount } from "./monitor.ts";

export interface ProgressOptions {
  /** A line each so many epochs. Default 1. */
  readonly every?: number;
  /** Where the line goes. Default `console.log`. */
  readonly write?: (line: string) => void;
}

/**
 * Write a line after each epoch. `fit` shows one line that changes in place; these stay, as a log does.
 *
 * @param options.every a line each so many epochs, default 1
 * @throws RangeError unless `every` is an integer >= 1
 * @example
 * await train.fit(model, { …, progress: false, callbacks: [train.progress({ every: 10 })] });
 * // training: epoch 10, loss 0.3127, accuracy 91.2 %, validation loss 0.3518, validation accuracy 90.0 %, 1.2 s
 */
export function progress(options: ProgressOptions = {}): Callback {
  const { every = 1, write = console.log } = options;
  checkCount("progress", "every", every);
  return {
    onEpoch(history, { name }) {
      const record = history.epochs[history.epochs.length - 1];
      if (record.epoch % every !== 0) return;
      const { loss, accuracy, validationLoss, validationAccuracy } = record;
      const parts = [
        `${name}: epoch ${record.epoch}`,
        `loss ${loss.toFixed(4)}`,
        accuracy !== undefined && `accuracy ${percent(accuracy)}`,
        validationLoss !== undefined && `validation loss ${validationLoss.toFixed(4)}`,
        validationAccuracy !== undefined && `validation accuracy ${percent(validationAccuracy)}`,
        `${history.seconds.toFixed(1)} s`,
      ];
      write(parts.filter((part) => part !== false).join(", "));
    },
  };
}
