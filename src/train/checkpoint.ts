import { resolve } from "node:path";
import { writeSafetensors } from "../nn/index.ts";
import type { Callback } from "./callback.ts";
import type { History } from "./history.ts";
import { type MonitorOptions, monitorOf } from "./monitor.ts";

export interface CheckpointOptions extends MonitorOptions {
  /** Write only where what is monitored has improved. Default true; false writes after every epoch. */
  readonly onlyBest?: boolean;
}

/**
 * Write the model's weights into a safetensors file after each epoch that is the best so far. Each write is whole or
 * none, so that a crash leaves the last good file; `model.load(path)` takes it back.
 *
 * @param path where to; `{epoch}` and `{name}` (of the training, which a race needs) stand for the epoch's number
 *   and the training's name
 * @param options.onlyBest default true
 * @param options.monitor what counts, default `"validationLoss"`
 * @throws Error during `fit` if two trainings would write the same file
 * @example
 * await train.fit(model, { …, validation, callbacks: [train.checkpoint("runs/best.safetensors")] });
 * await model.load("runs/best.safetensors");
 */
export function checkpoint(path: string, options: CheckpointOptions = {}): Callback {
  const { onlyBest = true } = options;
  const monitor = monitorOf("checkpoint", options);
  const bests = new WeakMap<History, number>();
  const owners = new Map<string, string>();
  return {
    onStart(_history, { name }) {
      const place = resolve(path.replaceAll("{name}", name));
      if ((owners.get(place) ?? name) !== name)
        throw new Error(
          `checkpoint: ${owners.get(place)} and ${name} would write the same file ${path}; put {name} into the path`,
        );
      owners.set(place, name);
    },
    async onEpoch(history, { name, parts: { model } }) {
      if (onlyBest) {
        const value = monitor.latest(history);
        if (!monitor.improves(value, bests.get(history))) return;
        bests.set(history, value);
      }
      const { epoch, steps, loss, validationLoss } = history.epochs[history.epochs.length - 1];
      const place = path.replaceAll("{name}", name).replaceAll("{epoch}", String(epoch));
      const numbers = { epoch, steps, loss, ...(validationLoss !== undefined && { validationLoss }) };
      const metadata = Object.entries(numbers).map(([key, number]) => [key, String(number)]);
      await writeSafetensors(place, model.stateDict(), Object.fromEntries(metadata));
    },
  };
}
