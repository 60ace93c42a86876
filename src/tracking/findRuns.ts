import { readdirSync } from "node:fs";
import { join } from "node:path";
import { warnOnce } from "../util/warnOnce.ts";
import type { RunStatus } from "./events.ts";
import { isMissing } from "./runRecord.ts";
import { runsFolder } from "./runsFolder.ts";
import { readRun, type StoredRun } from "./storedRun.ts";
import { writeWaitingLines } from "./waitingFiles.ts";

export interface RunsOptions {
  /** Where runs are kept. Default: `GRADBOOK_RUNS`, or `runs` in the working directory. */
  readonly folder?: string;
  /** Those that bear this tag, or all of these. */
  readonly tags?: string | readonly string[];
  /** Those called so. */
  readonly name?: string;
  /** Those in this state, or one of these. */
  readonly status?: RunStatus | readonly RunStatus[];
  /** Those with this text in their name, notes, tags, or a parameter's name or value; capitals do not matter. */
  readonly search?: string;
  /** Those for which it answers true: `({ params, metrics }) => params.batchSize === 32 && metrics.loss.min < 0.1`. */
  readonly where?: (run: StoredRun) => boolean;
}

/** 26 letters and digits of Crockford's alphabet, of which the first is a time. */
const isUlid = (name: string): boolean => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(name);

/** The runs that fit all conditions, the oldest first. */
export function findRuns(options: RunsOptions = {}): StoredRun[] {
  const folder = runsFolder(options.folder);
  const fits = conditions(options);
  return runIds(folder).flatMap((id) => {
    const run = readOrWarn(join(folder, id));
    return run && fits.every((fit) => fit(run)) ? [run] : [];
  });
}

/** The ids of all runs in a folder, the oldest first. */
export function runIds(folder: string): string[] {
  // Whoever asks for runs reads them next.
  writeWaitingLines();
  try {
    return readdirSync(folder).filter(isUlid).toSorted();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/**
 * Open a run that was recorded, or is being recorded now.
 *
 * @param id its id, or the beginning or end of it that only it has
 * @throws RangeError if there is no such run, or several
 * @example
 * const run = track.open("01KQ5W");
 * run.metrics.loss.min;
 */
export function open(id: string, options: Pick<RunsOptions, "folder"> = {}): StoredRun {
  const folder = runsFolder(options.folder);
  return openOf(id, folder, runIds(folder));
}

/** @param ids of all runs in the folder */
function openOf(id: string, folder: string, ids: readonly string[]): StoredRun {
  const asked = String(id).toUpperCase();
  const found = ids.filter((each) => each.startsWith(asked) || each.endsWith(asked));
  if (found.length > 1)
    throw new RangeError(
      `track.open: ${found.length} runs begin or end with "${id}": ${found.slice(0, 5).join(", ")}${found.length > 5 ? ", …" : ""}; give more of the id`,
    );
  const run = found.length === 1 ? readRun(join(folder, found[0])) : undefined;
  if (!run)
    throw new RangeError(
      `track.open: no run "${id}" in ${folder}, which holds ${ids.length}; track.runs() lists them, { folder } looks elsewhere`,
    );
  return run;
}

/** One damaged record must not hide the others. */
function readOrWarn(folder: string): StoredRun | undefined {
  try {
    return readRun(folder);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    warnOnce(`${error.message}; this run is left out`);
    return undefined;
  }
}

function conditions({ tags, name, status, search, where }: RunsOptions): ((run: StoredRun) => boolean)[] {
  const list: ((run: StoredRun) => boolean)[] = [];
  if (name !== undefined) list.push((run) => run.name === name);
  if (tags !== undefined) list.push((run) => [tags].flat().every((tag) => run.tags.includes(tag)));
  if (status !== undefined) list.push((run) => [status].flat().includes(run.status));
  if (search !== undefined) list.push((run) => textOf(run).includes(search.toLowerCase()));
  if (where) list.push(where);
  return list;
}

const textOf = (run: StoredRun): string =>
  [run.id, run.name, run.notes, ...run.tags, ...Object.entries(run.flatParams).flat()]
    .join("\n")
    .toLowerCase();

/** Runs as they are asked for: by their ids, themselves, or conditions. */
export type Which = readonly (string | StoredRun)[] | RunsOptions;

/** @throws RangeError if there is no run of an id */
export function chosenRuns(which: Which, options: Pick<RunsOptions, "folder"> = {}): StoredRun[] {
  if (!isList(which)) return findRuns({ ...options, ...which });
  const folder = runsFolder(options.folder);
  const ids = runIds(folder);
  return which.map((run) => (typeof run === "string" ? openOf(run, folder, ids) : run));
}

const isList = (which: Which): which is readonly (string | StoredRun)[] => Array.isArray(which);
