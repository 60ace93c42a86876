import { join } from "node:path";
import { monotonicFactory } from "ulid";
import { filesRead } from "../data/filesRead.ts";
import { sessionSeed } from "../random/default.ts";
import { Run } from "./openRun.ts";
import { checkedParameters, checkedTags, kindOf } from "./parameters.ts";
import type { RunRecord } from "./runRecord.ts";
import { runsFolder } from "./runsFolder.ts";
import { versions } from "./versions.ts";

export interface RunOptions {
  /** What was chosen for this run, to find and compare it by: `{ learningRate: 0.01, layers: [64, 32] }`. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  readonly notes?: string;
  /** Draw its curves in the notebook while they grow, at most ten times a second. Default false. */
  readonly live?: boolean;
  /** Where runs are kept. Default: `GRADBOOK_RUNS`, or `runs` in the working directory. */
  readonly folder?: string;
}

const ulid = monotonicFactory();

/**
 * Start a run: a record of an experiment that survives the process, in a folder of its own.
 *
 * It keeps parameters, tags, notes, the seed, the git commit with what was changed since, versions and the checksums of
 * data files; `log` adds numbers. Any number of runs, processes and threads may record at once. A disk that is full or
 * read-only is told once, and the training goes on.
 *
 * In a notebook it ends with its cell: finished, interrupted or failed as the cell did. Logging in a later cell goes on with it.
 *
 * @param name what the run is called in tables and legends; several may share a name
 * @throws TypeError if a parameter cannot be written as JSON
 * @example
 * const run = track.run("digits", { params: { learningRate: 0.01 }, tags: ["baseline"] });
 * for (let step = 1; step <= 100; step++) run.log({ loss: 1 / step }, { step });
 * run.finish();
 */
export function run(name: string, options: RunOptions = {}): Run {
  const { params = {}, tags = [], notes = "", live = false, folder } = options;
  if (typeof name !== "string" || name === "")
    throw new TypeError(`track.run: the first argument is the run's name, got ${kindOf(name)}`);
  const id = ulid();
  const record: RunRecord = {
    id,
    name,
    started: new Date().toISOString(),
    params: checkedParameters("track.run", params),
    tags: checkedTags("track.run", tags),
    notes: String(notes),
    seed: sessionSeed(),
    git: null,
    versions: versions(),
    datasets: filesRead(),
    directory: process.cwd(),
  };
  const started = new Run(id, name, join(runsFolder(folder), id), 0, live);
  started.begin(record);
  return started;
}
