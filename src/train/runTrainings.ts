import { setImmediate } from "node:timers/promises";
import { host } from "../util/host.ts";
import type { Callback } from "./callback.ts";
import { endByError, withHistories } from "./failure.ts";
import type { History } from "./history.ts";
import { beginHistories } from "./lastHistories.ts";
import { progressLine, stepsOf } from "./progressLine.ts";
import { ThrottledDisplay } from "./throttledDisplay.ts";
import { type Tracker, trackerFor } from "./tracker.ts";
import type { Training } from "./training.ts";
import { accompany } from "./trainingState.ts";

/** Makes a displayable of the histories by name; called again as they grow. `plot.lossCurves` is one. */
export type Live = (histories: Record<string, History>) => unknown;

export interface RunOptions {
  /** Passes over the data. */
  readonly epochs: number;
  /** Draws the histories while they grow, at most ten times a second: `live: plot.lossCurves`. */
  readonly live?: Live;
  /** Show a line of progress and, of a training that is alone, a table of its epochs. Default true. */
  readonly progress?: boolean;
  readonly callbacks?: readonly Callback[];
  /**
   * Keep a record that outlives the session: parameters, the loss of every step, what each epoch came to, gradient norms,
   * histograms of the weights, checkpoints, and the weights in the end. `true` begins a run for each training; a run of
   * `track.run` gets it all. Callbacks `gradientNorms` and `weightHistograms` say how often; without them it is once an
   * epoch. Default false.
   */
  readonly track?: boolean | Tracker;
}

/** How long the event loop, and with it the rest of the session, waits for its turn. */
const millisecondsPerTurn = 20;

/**
 * Run trainings to their end, taking turns epoch by epoch; one alone has every turn. An interrupt ends all of
 * them after the step under way, and what was recorded up to there is kept. So is it when an error ends them: callbacks
 * are told of the end, the error carries the `histories`, and `lastHistories` gives them.
 */
export async function runTrainings(
  operation: string,
  trainings: readonly Training[],
  options: RunOptions,
): Promise<Record<string, History>> {
  const { epochs, callbacks = [], track = false } = options;
  if (!(Number.isInteger(epochs) && epochs >= 1)) {
    throw new RangeError(`${operation}: epochs must be an integer >= 1, got ${epochs}`);
  }
  const tracking = trackerFor(operation, track)?.follow(trainings, { epochs });
  // Before anything shows: an interrupt that follows the first picture at once already finds code that asks.
  const polled = host.polling();
  try {
    return await runChecked(operation, trainings, {
      ...options,
      callbacks: tracking ? [...callbacks, tracking] : callbacks,
    });
  } finally {
    polled();
  }
}

async function runChecked(
  operation: string,
  trainings: readonly Training[],
  { epochs, live, progress = true, callbacks = [] }: RunOptions,
): Promise<Record<string, History>> {
  const histories = Object.fromEntries(trainings.map(({ name, history }) => [name, history]));
  const [first, last] = [false, true].map((runsLast) =>
    callbacks.filter((callback) => (callback.runsLast ?? false) === runsLast),
  );
  const inOrder = [...first, ...last];
  for (const training of trainings) accompany(training, inOrder);
  const resumedEpochs = Math.min(...trainings.map(({ history }) => history.epochs.length));
  const resumedSteps = stepsOf(trainings);
  const startedAt = performance.now();
  const displays: ThrottledDisplay[] = [];
  if (live) displays.push(new ThrottledDisplay(() => live(histories)));
  if (progress)
    displays.push(new ThrottledDisplay(() => progressLine(trainings, epochs, startedAt, resumedSteps)));
  const refresh = (): void => displays.forEach((display) => display.refresh());
  const unsubscribe = trainings.map(({ history }) => history.subscribe(refresh));
  let turnBegan = startedAt;
  let atWork = trainings[0];
  let begun = false;
  const ends: (() => void | Promise<void>)[] = [];
  const errors: unknown[] = [];

  const runEpoch = async (training: Training): Promise<void> => {
    const { history } = training;
    for (const _ of training.epoch()) {
      if (!begun) beginHistories(histories);
      begun = true;
      for (const callback of inOrder) {
        const under = callback.onStep?.(history, training);
        if (under) await under;
      }
      if (performance.now() - turnBegan >= millisecondsPerTurn) {
        // The promise of node:timers: an interrupt may clear the timers of the cell, and this one must go on.
        await setImmediate();
        turnBegan = performance.now();
      }
      if (host.interrupted()) {
        trainings.forEach((each) => each.history.end("interrupted"));
        return;
      }
    }
    if (history.status === "diverged") return warnOfDivergence(operation, training);
    const asked: ("stop" | void)[] = [];
    for (const callback of first) asked.push(await callback.onEpoch?.(history, training));
    if (asked.includes("stop")) history.end("stopped");
    else if (history.epochs.length === epochs) history.end("finished");
    for (const callback of last)
      if ((await callback.onEpoch?.(history, training)) === "stop") history.end("stopped");
  };

  const run = async (): Promise<void> => {
    for (const training of trainings)
      for (const callback of inOrder) {
        await callback.onStart?.(training.history, training);
        ends.push(() => callback.onEnd?.(training.history, training));
      }
    for (let epoch = resumedEpochs; epoch < epochs; epoch++) {
      for (atWork of trainings) {
        if (atWork.history.status === "running") await runEpoch(atWork);
      }
    }
    for (const { history } of trainings) history.end("finished");
  };

  await run().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) endByError(operation, atWork, trainings, errors[0]);
  unsubscribe.forEach((end) => end());
  // Each, whatever became of the others: the best weights are given back even if a file could not be written.
  for (const end of [...ends, ...displays.map((display) => () => display.finish())])
    await Promise.resolve()
      .then(end)
      .catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw begun ? withHistories(operation, histories, errors) : errors[0];
  if (trainings.some(({ history }) => history.status === "interrupted")) {
    console.warn(`${operation}: interrupted; the histories hold what was done until then`);
  }
  return histories;
}

function warnOfDivergence(operation: string, { name, history }: Training): void {
  history.failure =
    `${operation}: ${name} diverged: the loss at step ${history.stepLosses.length + 1} ` +
    `(epoch ${history.epochs.length + 1}) is not a finite number, so its training ended there. ${history.failure}`;
  console.warn(history.failure);
}
