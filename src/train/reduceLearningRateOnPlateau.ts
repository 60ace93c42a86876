import type { Callback } from "./callback.ts";
import type { History } from "./history.ts";
import { checkCount, type MonitorOptions, monitorOf } from "./monitor.ts";

export interface ReduceLearningRateOptions extends MonitorOptions {
  /** What the learning rate is multiplied by, in (0, 1). Default 0.1. */
  readonly factor?: number;
  /** Epochs in a row without an improvement after which it is. Default 10. */
  readonly patience?: number;
  /** Epochs after a reduction that do not count. Default 0. */
  readonly cooldown?: number;
  /** It never falls below this. Default 0. */
  readonly minimum?: number;
}

interface Plateau {
  best?: number | undefined;
  waited: number;
  cooling: number;
}

/**
 * Reduce the learning rate once the validation loss has not improved for `patience` epochs: η ← max(factor · η, minimum).
 *
 * Far from a minimum large steps are good; near it they jump across. (PyTorch's class of this name waits for one
 * epoch more than its `patience`; this one, like Keras', for exactly as many.)
 *
 * @param options.factor default 0.1
 * @param options.patience default 10
 * @throws RangeError if an option lies outside its range
 * @throws TypeError during `fit` if the optimizer has no learning rate, or what is watched is not there
 * @example
 * const halve = train.reduceLearningRateOnPlateau({ factor: 0.5, patience: 3 });
 * await train.fit(model, { …, validation, callbacks: [halve] });
 */
export function reduceLearningRateOnPlateau(options: ReduceLearningRateOptions = {}): Callback {
  const name = "reduceLearningRateOnPlateau";
  const { factor = 0.1, patience = 10, cooldown = 0, minimum = 0 } = options;
  checkCount(name, "patience", patience);
  if (!(factor > 0 && factor < 1)) throw new RangeError(`${name}: factor must lie in (0, 1), got ${factor}`);
  if (!(Number.isInteger(cooldown) && cooldown >= 0))
    throw new RangeError(`${name}: cooldown must be an integer >= 0, got ${cooldown}`);
  if (!(minimum >= 0)) throw new RangeError(`${name}: minimum must be >= 0, got ${minimum}`);
  const monitor = monitorOf(name, options);
  const plateaus = new WeakMap<History, Plateau>();
  return {
    name,
    save(history) {
      const values = plateaus.get(history);
      return values && { values };
    },
    restore(history, { values }) {
      plateaus.set(history, values as Plateau);
    },
    onStart(_history, { parts }) {
      monitor.check(parts);
      const { learningRate } = parts.optimizer as { learningRate?: number };
      if (typeof learningRate !== "number")
        throw new TypeError(`${name}: ${parts.optimizer.constructor.name} has no learning rate to reduce`);
    },
    onEpoch(history, { parts }) {
      const plateau = plateaus.get(history) ?? { best: undefined, waited: 0, cooling: 0 };
      plateaus.set(history, plateau);
      const value = monitor.latest(history);
      if (monitor.improves(value, plateau.best)) {
        plateau.best = value;
        plateau.waited = 0;
      } else plateau.waited++;
      if (plateau.cooling > 0) {
        plateau.cooling--;
        plateau.waited = 0;
      }
      if (plateau.waited < patience) return;
      const optimizer = parts.optimizer as unknown as { learningRate: number };
      optimizer.learningRate = Math.max(optimizer.learningRate * factor, minimum);
      plateau.waited = 0;
      plateau.cooling = cooldown;
    },
  };
}
