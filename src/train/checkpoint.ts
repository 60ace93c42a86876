import { resolve } from "node:path";
import type { Callback } from "./callback.ts";
import { writeCheckpoint } from "./checkpointFile.ts";
import type { History } from "./history.ts";
import { checkCount, type MonitorOptions, monitorOf } from "./monitor.ts";
import type { Training } from "./training.ts";
import { saveTraining } from "./trainingState.ts";

export interface CheckpointOptions extends MonitorOptions {
  /** Write only where what is monitored has improved. Default true; false writes after every epoch. */
  readonly onlyBest?: boolean;
  /** Write after each so many steps too, best or not, so that a long epoch can be resumed in its middle. */
  readonly everySteps?: number;
}

/**
 * Write all that a training goes on from into a safetensors file after each epoch that is the best so far: weights,
 * running statistics, the optimizer's memory, the loader's place, random numbers, callbacks and history. Each write is
 * whole or none, so that a crash leaves the last good file.
 *
 * `train.fit(model, { …, resume: path })` goes on from it bit for bit; `model.load(path)` takes its weights alone.
 *
 * @param path where to; `{epoch}`, `{step}` and `{name}` (of the training, which a race needs) stand for the number of
 *   epochs and steps made and the training's name
 * @param options.onlyBest default true, and false with `everySteps`
 * @param options.everySteps default: at the end of epochs alone
 * @param options.monitor what counts, default `"validationLoss"`
 * @throws RangeError unless everySteps is an integer >= 1, TypeError if it is to write only the best as well
 * @throws Error during `fit` if two trainings would write the same file
 * @example
 * await train.fit(model, { …, validation, callbacks: [train.checkpoint("runs/best.safetensors")] });
 * await model.load("runs/best.safetensors");
 */
export function checkpoint(path: string, options: CheckpointOptions = {}): Callback {
  const { everySteps, onlyBest = everySteps === undefined } = options;
  if (everySteps !== undefined) checkCount("checkpoint", "everySteps", everySteps);
  if (everySteps !== undefined && onlyBest)
    throw new TypeError(
      "checkpoint: everySteps writes best or not; leave onlyBest out, or use two checkpoints",
    );
  const monitor = monitorOf("checkpoint", options);
  const bests = new WeakMap<History, number>();
  const written = new WeakMap<History, number>();
  const owners = new Map<string, string>();
  const write = async (history: History, training: Training): Promise<void> => {
    const numbers = { name: training.name, epoch: history.epochs.length, step: history.stepLosses.length };
    written.set(history, numbers.step);
    const place = Object.entries(numbers).reduce(
      (text, [key, value]) => text.replaceAll(`{${key}}`, String(value)),
      path,
    );
    await writeCheckpoint(place, saveTraining(training));
    history.checkpoints.add(place);
  };
  return {
    name: "checkpoint",
    runsLast: true,
    save(history) {
      return { values: { best: bests.get(history), written: written.get(history) } };
    },
    restore(history, { values }) {
      const saved = values as { best?: number; written?: number };
      if (saved.best !== undefined) bests.set(history, saved.best);
      if (saved.written !== undefined) written.set(history, saved.written);
    },
    onStart(_history, { name, parts }) {
      if (onlyBest) monitor.check(parts);
      const place = resolve(path.replaceAll("{name}", name));
      if ((owners.get(place) ?? name) !== name)
        throw new Error(
          `checkpoint: ${owners.get(place)} and ${name} would write the same file ${path}; put {name} into the path`,
        );
      owners.set(place, name);
    },
    async onStep(history, training) {
      if (everySteps === undefined || !training.betweenBatches) return;
      if (history.stepLosses.length - (written.get(history) ?? 0) >= everySteps)
        await write(history, training);
    },
    async onEpoch(history, training) {
      if (onlyBest) {
        const value = monitor.latest(history);
        if (!monitor.improves(value, bests.get(history))) return;
        bests.set(history, value);
      }
      await write(history, training);
    },
  };
}
