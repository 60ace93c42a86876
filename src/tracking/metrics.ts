import { type ColumnTable, table } from "arquero";
import { CodedColumn } from "./codedColumn.ts";
import { findRuns, type RunsOptions } from "./findRuns.ts";
import type { StoredRun } from "./storedRun.ts";

export interface MetricsOptions extends RunsOptions {
  /** Only these. Default: all. */
  readonly metrics?: string | readonly string[];
  /** Parameters to have as columns of text, to group by: `["optimizer.name"]`. Default: none. */
  readonly params?: string | readonly string[];
}

/**
 * Every number of many runs, a row each: `id name metric step time value`, and a column `params.…` for each parameter
 * asked for. Times are milliseconds since 1970.
 *
 * @param options which runs, as in `track.runs`, and of them which metrics
 * @example
 * track.metrics({ metrics: "loss", params: "optimizer.name" })
 *   .filter((row) => row.step > 500)
 *   .groupby("params.optimizer.name")
 *   .rollup({ mean: aq.op.mean("value") });
 */
export function metrics(options: MetricsOptions = {}): ColumnTable {
  return metricsTable(findRuns(options), options);
}

export function metricsTable(
  found: readonly StoredRun[],
  options: Pick<MetricsOptions, "metrics" | "params"> = {},
): ColumnTable {
  const wanted = options.metrics === undefined ? undefined : [options.metrics].flat();
  const pieces = found.flatMap((run, place) =>
    Object.keys(run.metrics)
      .filter((name) => !wanted || wanted.includes(name))
      .map((name) => ({ place, name, curve: run.curve(name) })),
  );
  const names = [...new Set(pieces.map(({ name }) => name))];
  const rows = pieces.reduce((sum, { curve }) => sum + curve.steps.length, 0);
  const runCodes = new Uint32Array(rows);
  const metricCodes = new Uint32Array(rows);
  const [step, time, value] = [new Float64Array(rows), new Float64Array(rows), new Float64Array(rows)];
  let start = 0;
  for (const { place, name, curve } of pieces) {
    const end = start + curve.steps.length;
    runCodes.fill(place, start, end);
    metricCodes.fill(names.indexOf(name), start, end);
    step.set(curve.steps, start);
    time.set(curve.times, start);
    value.set(curve.values, start);
    start = end;
  }
  const ofRuns = (text: (run: StoredRun) => string): CodedColumn =>
    new CodedColumn(found.map(text), runCodes);
  const params = [options.params ?? []].flat();
  return table([
    ["id", ofRuns(({ id }) => id)],
    ["name", ofRuns(({ name }) => name)],
    ...params.map(
      (param) => [`params.${param}`, ofRuns(({ flatParams }) => String(flatParams[param] ?? ""))] as const,
    ),
    ["metric", new CodedColumn(names, metricCodes)],
    ["step", step],
    ["time", time],
    ["value", value],
  ] as [string, Float64Array][]);
}
