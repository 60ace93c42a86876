import { count, type History } from "./history.ts";
import { stepsOf } from "./progressLine.ts";
import type { Training } from "./training.ts";

/** End all that still run: an error arose in `training`. */
export function endByError(
  operation: string,
  training: Training,
  trainings: readonly Training[],
  error: unknown,
): void {
  const done = `${count(training.history.epochs.length, "epoch")}, ${count(stepsOf([training]), "step")}`;
  for (const { history } of trainings) {
    if (history.status !== "running") continue;
    history.failure = `${operation}: ${training.name} failed after ${done}: ${messageOf(error)}`;
    history.end("failed");
  }
}

/** The first of the errors, ready to be thrown: it carries the histories, and a warning says where else they are. */
export function withHistories(
  operation: string,
  histories: Readonly<Record<string, History>>,
  [first, ...others]: readonly unknown[],
): unknown {
  for (const other of others) console.warn(`${operation}: another error in the end: ${messageOf(other)}`);
  console.warn(`${operation}: an error ended training; train.lastHistories() holds what was done until then`);
  if (first instanceof Error && Object.isExtensible(first))
    Object.defineProperty(first, "histories", { value: histories, configurable: true });
  return first;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
