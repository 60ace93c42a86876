import type { History } from "./history.ts";

let last: Readonly<Record<string, History>> | undefined;

/**
 * The histories of the training that last made a step, by name, however it ended: an error in its midst leaves no value to assign,
 * and a cell may have forgotten to assign one.
 *
 * `fit` calls its history `training`, or as its option `name` says; `compareOptimizers` has one for each optimizer. While
 * training runs they grow.
 *
 * @throws Error if no training has begun in this session
 * @example
 * plot.lossCurves(train.lastHistories());
 */
export function lastHistories(): Readonly<Record<string, History>> {
  if (!last) throw new Error("lastHistories: no training has begun in this session; train.fit begins one");
  return last;
}

/** These begin now. */
export function beginHistories(histories: Readonly<Record<string, History>>): void {
  last = histories;
}
