import { type ColumnTable, table } from "arquero";
import { downsample } from "../plot/downsample.ts";
import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { htmlTable, textTable } from "../util/table.ts";
import { chosenRuns, type RunsOptions, type Which } from "./findRuns.ts";
import { metricColumns, parameterColumns } from "./runs.ts";
import type { StoredRun } from "./storedRun.ts";

/** A metric of one run, to be drawn beside others. */
export interface ComparedCurve {
  readonly id: string;
  readonly name: string;
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** Runs side by side. */
export class RunComparison implements Displayable {
  readonly runs: readonly StoredRun[];
  /** Names of the parameters in which the runs differ, one of them missing in some included. */
  readonly differences: readonly string[];
  /** The parameters that are the same in all. */
  readonly shared: Readonly<Record<string, unknown>>;
  /** Names of all metrics. */
  readonly metrics: readonly string[];

  /** Use `track.compare`. */
  constructor(runs: readonly StoredRun[]) {
    this.runs = runs;
    const flat = runs.map(({ flatParams }) => flatParams);
    const names = [...new Set(flat.flatMap((params) => Object.keys(params)))];
    this.differences = names.filter((name) => flat.some((params) => params[name] !== flat[0][name]));
    this.shared = Object.fromEntries(
      names.filter((name) => !this.differences.includes(name)).map((name) => [name, flat[0][name]]),
    );
    this.metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))];
  }

  /**
   * The values of a metric over the steps, of each run that has it.
   * @param options.points at most so many of each run, its peaks among them, for drawing; default all
   * @throws RangeError if no run has it
   */
  curves(metric: string, options: { readonly points?: number } = {}): ComparedCurve[] {
    if (!this.metrics.includes(metric))
      throw new RangeError(
        `compare: none of these runs has a metric "${metric}"; they have ${this.metrics.join(", ") || "none"}`,
      );
    const { points } = options;
    return this.runs
      .filter((run) => metric in run.metrics)
      .map((run) => {
        const { steps, values } = run.curve(metric);
        const { id, name } = run;
        if (points === undefined) return { id, name, steps, values };
        const { x, y } = downsample(steps, values, points);
        return { id, name, steps: Float64Array.from(x), values: Float64Array.from(y) };
      });
  }

  /**
   * A row a run: `name`, the parameters in which they differ, then last value, least and greatest of each metric, then
   * `status duration id` and the parameters that all share.
   */
  table(): ColumnTable {
    const { runs } = this;
    return table([
      ["name", runs.map(({ name }) => name)],
      ...parameterColumns(runs, this.differences),
      ...metricColumns(runs, this.metrics),
      ["status", runs.map(({ status }) => status)],
      ["duration", runs.map(({ duration }) => duration)],
      ["id", runs.map(({ id }) => id)],
      ...parameterColumns(runs, Object.keys(this.shared)),
    ]);
  }

  toString(): string {
    const rows = this.#rows();
    return textTable(rows, { right: rows[0].slice(1).join(",") });
  }

  [jupyterDisplay](): MimeBundle {
    const rows = this.#rows();
    return {
      "text/html": htmlTable(rows, { right: rows[0].slice(1).join(",") }),
      "text/plain": this.toString(),
    };
  }

  /** What fits a page: a row a quantity, a column a run, those that differ first. */
  #rows(): string[][] {
    const { runs } = this;
    const row = (title: string, value: (run: StoredRun) => unknown): string[] => [
      title,
      ...runs.map((run) => formatted(value(run))),
    ];
    return [
      ["", ...runs.map(({ name, id }) => `${name} ${id.slice(-4)}`)],
      ...this.differences.map((name) => row(name, ({ flatParams }) => flatParams[name])),
      ...this.metrics.flatMap((name) =>
        (["last", "min", "max"] as const).map((kind) =>
          row(kind === "last" ? name : `  ${kind}`, ({ metrics }) => metrics[name]?.[kind]),
        ),
      ),
      row("status", ({ status }) => status),
      row("seconds", ({ duration }) => duration),
      ...Object.keys(this.shared).map((name) => row(name, ({ flatParams }) => flatParams[name])),
    ];
  }
}

/**
 * Runs side by side: in which parameters they differ, and where their metrics ended.
 *
 * @param which ids, runs, or conditions as in `track.runs`
 * @throws RangeError if there is no such run
 * @example
 * const race = track.compare({ tags: "baseline" });
 * race.differences; // ["optimizer.learningRate"]
 * race.curves("loss");
 */
export function compare(which: Which, options: Pick<RunsOptions, "folder"> = {}): RunComparison {
  const found = chosenRuns(which, options);
  if (found.length === 0)
    throw new RangeError(
      "track.compare: no run fits; track.runs() lists what there is, { folder } looks elsewhere",
    );
  return new RunComparison(found);
}

function formatted(value: unknown): string {
  if (value === undefined || value === null) return "–";
  return typeof value === "number" ? String(Number(value.toPrecision(5))) : String(value as string | boolean);
}
