import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StoredRun } from "./storedRun.ts";

/**
 * Delete runs for good, with their artifacts.
 * @throws Error if one is running: nothing is deleted then
 */
export function deleteRuns(runs: readonly StoredRun[]): void {
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
