import type { Annotations, Data } from "plotly.js";
import { closest } from "../util/closest.ts";
import { log } from "../util/math.ts";
import { Figure } from "./figure.ts";
import { short } from "./layout.ts";
import { shades } from "./palette.ts";
import { type ReadRows, type Rows, rowsOfTable } from "./tableRows.ts";

export interface ParallelCoordinatesOptions {
  /** The columns to draw, from left to right. Default: those in which rows differ, twelve at most. */
  readonly columns?: readonly string[];
  /** The column that colours the lines, from its least (blue) to its greatest (orange). Default: the last. */
  readonly color?: string;
}

const mostColumns = 12;
/** Lines of near-by values share one trace: so many colours can be told apart. */
const groups = 9;

/**
 * A line a run over one axis a column: which settings lead to which results. An axis of positive numbers that span more
 * than a factor of 100 is logarithmic; names stand apart evenly. Rows without the colouring value are left out.
 *
 * @param table an arquero table, such as `track.runs()` or `race.table()`, or a list of plain objects
 * @throws TypeError if there is no table, no row, or fewer than two columns to draw
 * @throws RangeError if there is no such column
 * @example
 * plot.parallelCoordinates(
 *   [{ learningRate: 0.001, layers: 2, loss: 0.4 }, { learningRate: 0.1, layers: 3, loss: 0.2 }],
 *   { color: "loss" },
 * );
 */
export function parallelCoordinates(table: Rows, options: ParallelCoordinatesOptions = {}): Figure {
  const read = rowsOfTable("parallelCoordinates", table);
  const columns = chooseColumns(read, options.columns);
  const { color = columns[columns.length - 1] } = options;
  known(read, color);
  const rows = read.rows.filter((row) => isValue(row[color]));
  const axes = columns.map((column) => axisOf(rows.map((row) => row[column])));
  const colorAxis = axisOf(rows.map((row) => row[color]));
  const colors = shades(groups);
  const members: number[][] = Array.from({ length: groups }, () => []);
  rows.forEach((row, index) => {
    const place = colorAxis.place(row[color])!;
    members[Math.min(groups - 1, Math.floor(place * groups))].push(index);
  });
  const lines = members.flatMap((indices, group): Partial<Data>[] => {
    if (indices.length === 0) return [];
    // A gap after each row, so that one trace draws all of them.
    const y = indices.flatMap((index) => [
      ...axes.map((axis, at) => axis.place(rows[index][columns[at]]) ?? null),
      null,
    ]);
    const text = indices.flatMap((index) => [
      ...columns.map((column) => hoverOf(columns, rows[index], column)),
      "",
    ]);
    return [
      {
        type: "scatter",
        mode: "lines",
        x: indices.flatMap(() => [...columns.map((_, at) => at), null]),
        y: y.map((value) => (value === null ? null : short(value, 4))),
        text,
        connectgaps: false,
        opacity: rows.length > 50 ? 0.5 : 0.85,
        line: { color: colors[group], width: 2 },
        hovertemplate: "%{text}<extra></extra>",
      },
    ];
  });
  const ticks = axes.flatMap((axis, at) => axis.ticks.map((tick) => ({ ...tick, at })));
  // Annotations, as these stand on the page's own colour where the lines would run through them.
  const labels = ticks.map(({ at, place, label }): Partial<Annotations> => ({
    x: at,
    y: short(place, 4),
    text: label,
    xanchor: "left",
    xshift: 3,
    borderpad: 1,
    showarrow: false,
    font: { size: 11 },
  }));
  const scale: Partial<Data> = {
    type: "scatter",
    mode: "markers",
    x: [0],
    y: [0],
    hoverinfo: "skip",
    marker: {
      opacity: 0,
      color: [0],
      cmin: 0,
      cmax: 1,
      colorscale: colors.map((each, index) => [index / (groups - 1), each] as [number, string]),
      showscale: true,
      colorbar: {
        title: { text: color, side: "top" },
        thickness: 14,
        tickvals: colorAxis.ticks.map(({ place }) => place),
        ticktext: colorAxis.ticks.map(({ label }) => label),
      },
    },
  };
  const left = read.rows.length - rows.length;
  const title = `${rows.length} runs${left > 0 ? ` (${left} without ${color})` : ""}`;
  return new Figure({
    data: [...lines, scale],
    layout: {
      title: { text: title },
      xaxis: {
        tickvals: columns.map((_, at) => at),
        ticktext: [...columns],
        range: [-0.15, columns.length - 0.55],
        side: "top",
        showgrid: false,
        zeroline: false,
        fixedrange: true,
      },
      yaxis: { range: [-0.05, 1.05], visible: false },
      shapes: columns.map((_, at) => ({
        type: "line",
        x0: at,
        x1: at,
        y0: 0,
        y1: 1,
        line: { color: "#808080", width: 1 },
      })),
      annotations: labels,
      showlegend: false,
      hovermode: "closest",
      height: 420,
      margin: { l: 30, r: 20, t: 90, b: 25 },
    },
    text: `${title}: ${columns.join(", ")}`,
  });
}

interface Coordinate {
  /** From 0 at the bottom to 1; undefined where there is no value. */
  place(value: unknown): number | undefined;
  readonly ticks: readonly { readonly place: number; readonly label: string }[];
}

function axisOf(values: readonly unknown[]): Coordinate {
  const there = values.filter(isValue);
  if (!there.every((value) => typeof value === "number")) {
    const names = [...new Set(there.map(String))].sort();
    const place = (name: string): number =>
      names.length === 1 ? 0.5 : names.indexOf(name) / (names.length - 1);
    const every = Math.ceil(names.length / 20);
    return {
      place: (value) => (isValue(value) ? place(String(value)) : undefined),
      ticks: names
        .filter((_, index) => index % every === 0)
        .map((name) => ({ place: place(name), label: name.length > 16 ? `${name.slice(0, 15)}…` : name })),
    };
  }
  const numbers = there as number[];
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const logarithmic = low > 0 && high / low > 100;
  const at = (number: number): number => (logarithmic ? log(number) : number);
  const [bottom, span] = [at(low), at(high) - at(low)];
  const place = (number: number): number => (span === 0 ? 0.5 : (at(number) - bottom) / span);
  return {
    place: (value) => (isValue(value) ? place(value as number) : undefined),
    ticks: tickNumbers(numbers, logarithmic).map((number) => ({
      place: place(number),
      label: String(short(number, 3)),
    })),
  };
}

/** The numbers themselves if they are few; else the ends, and between them powers of ten or steps of 1, 2 or 5 of them. */
function tickNumbers(numbers: readonly number[], logarithmic: boolean): number[] {
  const distinct = [...new Set(numbers)];
  if (distinct.length <= 6) return distinct;
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const powers = Array.from({ length: 61 }, (_, index) => Number(`1e${index - 30}`));
  // Not so near an end that the labels touch.
  if (logarithmic) return [low, ...powers.filter((power) => power > 2 * low && power < high / 2), high];
  const span = high - low;
  const step = powers.flatMap((power) => [power, 2 * power, 5 * power]).find((each) => each >= span / 6);
  if (step === undefined) return [low, high];
  const steps = Array.from({ length: 8 }, (_, index) => (Math.ceil(low / step) + index) * step);
  return [low, ...steps.filter((each) => each > low + 0.07 * span && each < high - 0.07 * span), high];
}

const isValue = (value: unknown): boolean =>
  typeof value === "number" ? Number.isFinite(value) : value !== undefined && value !== null && value !== "";

function chooseColumns(read: ReadRows, asked: readonly string[] | undefined): string[] {
  asked?.forEach((column) => known(read, column));
  const differing = read.columns.filter((column) => {
    const values = read.rows.map((row) => row[column]).filter(isValue);
    const distinct = new Set(values.map(String)).size;
    // What tells every row apart by name, an id, says nothing.
    return distinct > 1 && (typeof values[0] === "number" || distinct < values.length || values.length <= 8);
  });
  const chosen = asked ? [...asked] : differing.slice(0, mostColumns);
  if (chosen.length < 2)
    throw new TypeError(
      `plot.parallelCoordinates: needs two columns or more in which rows differ, got ${chosen.join(", ") || "none"} ` +
        `of ${read.columns.join(", ")}; { columns } chooses them`,
    );
  return chosen;
}

function known({ columns }: ReadRows, column: string): void {
  if (columns.includes(column)) return;
  const near = closest(column, columns);
  throw new RangeError(
    `plot.parallelCoordinates: there is no column "${column}"${near ? `; did you mean "${near}"?` : ""} ` +
      `Known: ${columns.join(", ")}`,
  );
}

function hoverOf(columns: readonly string[], row: Readonly<Record<string, unknown>>, here: string): string {
  const parts = columns.map((column) => {
    const value = row[column];
    const shown = `${column} ${typeof value === "number" ? short(value, 4) : String(value ?? "–")}`;
    return column === here ? `<b>${shown}</b>` : shown;
  });
  return parts.join("<br>");
}
