import type { StateDict } from "../nn/index.ts";
import type { Callback } from "./callback.ts";
import type { History } from "./history.ts";
import { checkCount, type MonitorOptions, monitorOf } from "./monitor.ts";

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs in a row without an improvement after which training stops. Default 5. */
  readonly patience?: number;
  /** Give the model the weights of its best epoch back at the end, however training ended. Default true. */
  readonly restoreBest?: boolean;
}

interface Best {
  readonly value: number | undefined;
  readonly epoch: number;
  readonly weights: StateDict | undefined;
}

/**
 * Stop once the validation loss has not improved for `patience` epochs, and go back to the best weights.
 *
 * A model that goes on learning its training examples by heart gets worse on others: the epoch with the lowest
 * validation loss is the one to keep. `history.restoredEpoch` tells which it was.
 *
 * @param options.patience default 5
 * @param options.monitor what counts, default `"validationLoss"`
 * @throws RangeError if patience is not an integer >= 1
 * @throws TypeError during `fit` if what it watches is not there, as without validation examples
 * @example
 * await train.fit(model, { …, validation, epochs: 100, callbacks: [train.earlyStopping({ patience: 8 })] });
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  const { patience = 5, restoreBest = true } = options;
  checkCount("earlyStopping", "patience", patience);
  const monitor = monitorOf("earlyStopping", options);
  const bests = new WeakMap<History, Best>();
  return {
    name: "earlyStopping",
    save(history) {
      const best = bests.get(history);
      return best && { values: { value: best.value, epoch: best.epoch }, arrays: best.weights };
    },
    restore(history, { values, arrays }) {
      const { value, epoch } = values as { value?: number; epoch: number };
      bests.set(history, { value, epoch, weights: restoreBest ? arrays : undefined });
    },
    onStart(_history, { parts }) {
      monitor.check(parts);
    },
    onEpoch(history, { parts: { model } }) {
      const best = bests.get(history) ?? { value: undefined, epoch: 0, weights: undefined };
      const value = monitor.latest(history);
      const epoch = history.epochs.length;
      if (monitor.improves(value, best.value)) {
        bests.set(history, { value, epoch, weights: restoreBest ? model.stateDict() : undefined });
        return undefined;
      }
      return epoch - best.epoch >= patience ? "stop" : undefined;
    },
    onEnd(history, { parts: { model } }) {
      const best = bests.get(history);
      if (!best?.weights) return;
      model.loadStateDict(best.weights);
      history.restoredEpoch = best.epoch;
    },
  };
}
