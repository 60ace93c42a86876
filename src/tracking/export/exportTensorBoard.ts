import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { chosenRuns, type RunsOptions, type Which } from "../findRuns.ts";
import { type Message } from "./protobuf.ts";
import type { StoredRun } from "../storedRun.ts";
import { histogram, scalar, sessionEnd, sessionStart, summaryEvent, text, versionEvent } from "./events.ts";
import { tfRecord } from "./tfRecord.ts";

/** Records are gathered to about this size before they are written. */
const chunkBytes = 1 << 20;

/**
 * Write runs as TensorBoard's event files: metrics as scalars (in float32, as TensorBoard keeps them), histograms,
 * notes and texts, and parameters for its HParams page. A folder for each run, `<name>-<end of its id>`; what an earlier
 * export left there is replaced.
 *
 * @param folder where to
 * @param which ids, runs, or conditions as in `track.runs`; default all
 * @returns the folders written
 * @example
 * track.exportTensorBoard("tensorboard", { tags: "baseline" }); // then: tensorboard --logdir tensorboard
 */
export function exportTensorBoard(
  folder: string,
  which: Which = {},
  options: Pick<RunsOptions, "folder"> = {},
): string[] {
  return chosenRuns(which, options).map((run) => {
    const target = join(folder, `${run.name.replaceAll(/[^\w.-]+/g, "_")}-${run.id.slice(-6)}`);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    const seconds = Math.floor(run.started.getTime() / 1000);
    const file = openSync(join(target, `events.out.tfevents.${seconds}.gradbook.${run.id}`), "w");
    try {
      writeEvents(file, run);
    } finally {
      closeSync(file);
    }
    return target;
  });
}

function writeEvents(file: number, run: StoredRun): void {
  let waiting: Buffer[] = [];
  let size = 0;
  const flush = (): void => {
    writeSync(file, Buffer.concat(waiting));
    [waiting, size] = [[], 0];
  };
  const write = (event: Message): void => {
    const record = tfRecord(event.encode());
    waiting.push(record);
    if ((size += record.length) >= chunkBytes) flush();
  };
  const started = run.started.getTime() / 1000;
  const ended = started + run.duration;
  write(versionEvent(started));
  write(summaryEvent(started, 0, sessionStart(run.flatParams, started)));
  if (run.notes !== "") write(summaryEvent(started, 0, text("notes", run.notes)));
  for (const name of Object.keys(run.metrics)) {
    const { steps, times, values } = run.curve(name);
    for (let index = 0; index < steps.length; index++)
      write(summaryEvent(times[index] / 1000, Math.round(steps[index]), scalar(name, values[index])));
  }
  for (const each of run.histograms())
    write(summaryEvent(each.time / 1000, Math.round(each.step), histogram(each.name, each)));
  for (const each of run.texts)
    write(summaryEvent(ended, Math.round(each.step ?? 0), text(each.name, each.text)));
  const status = run.status === "finished" || run.status === "running" ? run.status : "failed";
  write(summaryEvent(ended, 0, sessionEnd(status, ended)));
  flush();
}
