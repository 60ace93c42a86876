import { type ColumnTable, table } from "arquero";
import { findRuns, type RunsOptions } from "./findRuns.ts";
import type { StoredRun } from "./storedRun.ts";

/**
 * The runs as a table, the oldest first: `id name status started duration tags notes`, a column `params.…` for each
 * parameter, and for each metric its last value under its name, with `….min` and `….max` beside it. Durations are
 * seconds; what a run does not have is undefined.
 *
 * @example
 * track.runs({ tags: "baseline" }).orderby("loss.min").slice(0, 10);
 * track.runs({ where: ({ params }) => params.batchSize === 32, search: "adam" });
 */
export function runs(options: RunsOptions = {}): ColumnTable {
  return runTable(findRuns(options));
}

export function runTable(found: readonly StoredRun[]): ColumnTable {
  return table([
    ["id", found.map(({ id }) => id)],
    ["name", found.map(({ name }) => name)],
    ["status", found.map(({ status }) => status)],
    ["started", found.map(({ started }) => started)],
    ["duration", found.map(({ duration }) => duration)],
    ["tags", found.map(({ tags }) => tags.join(", "))],
    ["notes", found.map(({ notes }) => notes)],
    ...parameterColumns(found),
    ...metricColumns(found),
  ]);
}

type Column = [name: string, values: unknown[]];

/** @param names default: all that a run has */
export function parameterColumns(found: readonly StoredRun[], names?: readonly string[]): Column[] {
  const flat = found.map(({ flatParams }) => flatParams);
  const all = names ?? [...new Set(flat.flatMap((params) => Object.keys(params)))];
  return all.map((name) => [`params.${name}`, flat.map((params) => params[name])]);
}

export function metricColumns(found: readonly StoredRun[], names?: readonly string[]): Column[] {
  const summaries = found.map(({ metrics }) => metrics);
  const all = names ?? [...new Set(summaries.flatMap((metrics) => Object.keys(metrics)))];
  return all.flatMap((name): Column[] => [
    [name, summaries.map((metrics) => metrics[name]?.last)],
    [`${name}.min`, summaries.map((metrics) => metrics[name]?.min)],
    [`${name}.max`, summaries.map((metrics) => metrics[name]?.max)],
  ]);
}
