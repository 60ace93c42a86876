import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { parquetWriteFile } from "hyparquet-writer";
import { chosenRuns, type RunsOptions, type Which } from "../findRuns.ts";
import { metricsTable } from "../metrics.ts";

/**
 * Write every number of runs into a Parquet file, a row each: `id name metric step time value`, for pandas, DuckDB and
 * the like. Times are timestamps.
 *
 * @param which ids, runs, or conditions as in `track.runs`; default all
 * @returns how many rows were written
 * @example
 * track.exportParquet("runs.parquet", { tags: "baseline" });
 */
export function exportParquet(
  path: string,
  which: Which = {},
  options: Pick<RunsOptions, "folder"> = {},
): number {
  const table = metricsTable(chosenRuns(which, options));
  const text = (name: string) => ({ name, data: table.array(name) as string[], type: "STRING" as const });
  const number = (name: string) => ({
    name,
    data: table.data()[name] as unknown as Float64Array,
    type: "DOUBLE" as const,
  });
  const times = Array.from(table.data()["time"] as unknown as Float64Array, (time) => new Date(time));
  mkdirSync(dirname(path), { recursive: true });
  parquetWriteFile({
    filename: path,
    columnData: [
      text("id"),
      text("name"),
      text("metric"),
      number("step"),
      { name: "time", data: times, type: "TIMESTAMP" },
      number("value"),
    ],
  });
  return table.numRows();
}
