import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { RunEvent } from "./events.ts";
import { repositoryState } from "./repository.ts";
import { recordFile, type RunRecord } from "./runRecord.ts";

/** Make a run's folder, whole or not at all: it takes its name when the record and its first writer are in it. */
export function makeRunFolder(folder: string, record: RunRecord, eventsFile: string, first: RunEvent): void {
  const temporary = join(dirname(folder), `.${basename(folder)}.tmp`);
  try {
    // In two steps: making folders above it, Node calls a read-only disk a missing folder.
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(temporary);
    writeFileSync(join(temporary, recordFile), JSON.stringify(record, null, 1));
    writeFileSync(join(temporary, eventsFile), `${JSON.stringify(first)}\n`);
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Add to a run's record, once git has answered, the state of the repository. */
export async function addRepository(folder: string, record: RunRecord): Promise<void> {
  const state = await repositoryState(record.directory);
  if (!state) return;
  const { repository, diff } = state;
  try {
    // Beside the record: a list of runs reads every record, and a difference may be long.
    if (diff !== "") writeFileSync(join(folder, "changes.diff"), diff);
    const git = { ...repository, ...(diff !== "" && { diff: "changes.diff" }) };
    const temporary = join(folder, `.${recordFile}.tmp`);
    writeFileSync(temporary, JSON.stringify({ ...record, git }, null, 1));
    renameSync(temporary, join(folder, recordFile));
  } catch (error) {
    // A run that is over may have been deleted, and one whose folder is gone is told of when it logs.
    if (existsSync(folder)) throw error;
  }
}
