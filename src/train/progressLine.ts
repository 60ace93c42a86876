import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { escapeHtml } from "../util/table.ts";
import { epochTable } from "./epochTable.ts";
import { percent } from "./history.ts";
import type { Training } from "./training.ts";

/** Where a training, or several that take turns, has got to, in one line; below it the epochs of one that is alone. */
export function progressLine(
  trainings: readonly Training[],
  epochs: number,
  startedAt: number,
  resumedSteps: number,
): Displayable {
  const running = trainings.some(({ history }) => history.status === "running");
  const steps = stepsOf(trainings) - resumedSteps;
  const epoch = Math.max(...trainings.map(({ history }) => history.epochs.length));
  const seconds = (performance.now() - startedAt) / 1000;
  const parts = [
    `epoch ${Math.min(epochs, running ? epoch + 1 : epoch)}/${epochs}`,
    ...trainings.map((training) => describe(training, trainings.length > 1)),
    running ? remaining(trainings, epochs, steps, seconds, resumedSteps) : `${seconds.toFixed(1)} s`,
  ];
  const line = parts.join(" · ");
  const table = trainings.length === 1 ? epochTable(trainings[0].history.epochs) : "";
  return {
    [jupyterDisplay]: (): MimeBundle => ({
      // Of the same kind from the start, so that the page has one element that changes.
      "text/html": `<div>${escapeHtml(line)}</div>${table}`,
      "text/plain": line,
    }),
  };
}

/** The loss of the last step and the accuracy of the last epoch; in a race, under the training's name. */
function describe({ name, history }: Training, named: boolean): string {
  const last = history.epochs.at(-1);
  const loss = history.stepLosses.at(-1);
  const accuracy = last?.validationAccuracy ?? last?.accuracy;
  const kind = last?.validationAccuracy === undefined ? "accuracy" : "validation accuracy";
  const parts = [
    `${named ? name : "loss"} ${loss === undefined ? "–" : loss.toFixed(4)}`,
    accuracy !== undefined && (named ? percent(accuracy) : `${kind} ${percent(accuracy)}`),
    history.status !== "running" && history.status !== "finished" && history.status,
  ];
  return parts.filter((part) => part !== false).join(", ");
}

/** Steps made so far, also by an earlier process. */
export const stepsOf = (trainings: readonly Training[]): number =>
  sum(trainings.map(({ history }) => history.stepLosses.length));

function remaining(
  trainings: readonly Training[],
  epochs: number,
  steps: number,
  seconds: number,
  resumedSteps: number,
): string {
  if (steps === 0) return "starting";
  const planned = sum(
    trainings.map(({ parts, history }) => {
      if (history.status !== "running") return history.stepLosses.length;
      // How many windows a batch is cut into shows in the first epoch.
      const stepsAnEpoch = parts.window === undefined ? parts.data.length : history.epochs[0]?.steps;
      return epochs * (stepsAnEpoch ?? NaN);
    }),
  );
  if (Number.isNaN(planned)) return `${seconds.toFixed(0)} s so far`;
  return `ETA ${Math.ceil((seconds / steps) * (planned - resumedSteps - steps))} s`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
