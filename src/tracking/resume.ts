import { open, type RunsOptions } from "./findRuns.ts";
import { Run } from "./openRun.ts";

/**
 * Write on to a run that was recorded, or is being recorded by others: this becomes one more of its writers, and steps
 * that are not given count on from its last.
 *
 * @param id its id, or the beginning or end of it that only it has
 * @throws RangeError if there is no such run
 * @example
 * const run = track.resume("01KQ5W");
 * run.log({ loss: 0.1 });
 */
export function resume(id: string, options: Pick<RunsOptions, "folder"> = {}): Run {
  const stored = open(id, options);
  const steps = Object.values(stored.metrics).map(({ lastStep }) => lastStep);
  const run = new Run(stored.id, stored.name, stored.folder, Math.max(0, ...steps));
  run.join();
  return run;
}
