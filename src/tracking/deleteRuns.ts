import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { chosenRuns, type RunsOptions, type Which } from "./findRuns.ts";

/**
 * Delete runs for good, with their artifacts.
 * @param which ids, runs, or conditions as in `track.runs`
 * @throws Error if one is running: nothing is deleted then
 */
export function deleteRuns(which: Which, options: Pick<RunsOptions, "folder"> = {}): void {
  const runs = chosenRuns(which, options);
  const running = runs.find(({ status }) => status === "running");
  if (running)
    throw new Error(
      `track.deleteRuns: run "${running.name}" ${running.id} is running; end its process first, or wait for it`,
    );
  for (const { id, folder } of runs) {
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(dirname(folder), ".cache", `${id}.columns`), { force: true });
  }
}
