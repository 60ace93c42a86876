import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { chosenRuns, type RunsOptions, type Which } from "../findRuns.ts";

/** Lines are gathered to about so many before they are written. */
const chunkLines = 10_000;

/**
 * Write every number of runs into a CSV file, a line each: `id,name,metric,step,time,value`. Times are ISO 8601; numbers
 * have all the digits they need to be read back bit for bit.
 *
 * @param which ids, runs, or conditions as in `track.runs`; default all
 * @returns how many lines were written, the heading left out
 * @example
 * track.exportCsv("runs.csv", { status: "finished" });
 */
export function exportCsv(
  path: string,
  which: Which = {},
  options: Pick<RunsOptions, "folder"> = {},
): number {
  const runs = chosenRuns(which, options);
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "w");
  let count = 0;
  try {
    let lines = ["id,name,metric,step,time,value\n"];
    for (const run of runs)
      for (const metric of Object.keys(run.metrics)) {
        const head = `${run.id},${quoted(run.name)},${quoted(metric)}`;
        const { steps, times, values } = run.curve(metric);
        count += steps.length;
        for (let index = 0; index < steps.length; index++) {
          const time = new Date(times[index]).toISOString();
          lines.push(`${head},${steps[index]},${time},${values[index]}\n`);
          if (lines.length < chunkLines) continue;
          writeSync(file, lines.join(""));
          lines = [];
        }
      }
    writeSync(file, lines.join(""));
  } finally {
    closeSync(file);
  }
  return count;
}

/** RFC 4180. A text that a spreadsheet would take for a formula is only ever a name here, and stays one in quotes. */
const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
