import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { escapeHtml, textTable } from "../util/table.ts";
import { short } from "./layout.ts";
import { colorsOf } from "./palette.ts";
import { type Rows, rowsOfTable } from "./tableRows.ts";

export interface RunsTableOptions {
  /** At most so many rows. Default 50. */
  readonly limit?: number;
}

/** A table of runs that shows itself. */
export class RunsTable implements Displayable {
  readonly columns: readonly string[];
  /** What the cells show, row by row. */
  readonly cells: readonly (readonly string[])[];
  readonly #colors: readonly string[];
  readonly #numbers: ReadonlySet<string>;
  readonly #note: string;

  /** Use `plot.runsTable`. */
  constructor(
    columns: readonly string[],
    cells: readonly (readonly string[])[],
    parts: { colors: readonly string[]; numbers: ReadonlySet<string>; note: string },
  ) {
    this.columns = columns;
    this.cells = cells;
    this.#colors = parts.colors;
    this.#numbers = parts.numbers;
    this.#note = parts.note;
  }

  toString(): string {
    const table = textTable([this.columns, ...this.cells], { right: [...this.#numbers].join(",") });
    return this.#note ? `${table}\n${this.#note}` : table;
  }

  [jupyterDisplay](): MimeBundle {
    const align = (column: number): string => (this.#numbers.has(this.columns[column]) ? "right" : "left");
    const cell = (tag: string, text: string, column: number, before = ""): string =>
      `<${tag} style="text-align: ${align(column)}">${before}${escapeHtml(text)}</${tag}>`;
    const heading = this.columns.map((column, at) => cell("th", column, at)).join("");
    const rows = this.cells.map((row, index) => {
      const dot = `<span style="color: ${this.#colors[index]}">●</span> `;
      return `<tr>${row.map((text, at) => cell("td", text, at, at === 0 ? dot : "")).join("")}</tr>`;
    });
    const note = this.#note ? `<p>${escapeHtml(this.#note)}</p>` : "";
    return {
      "text/html": `<table><thead><tr>${heading}</tr></thead><tbody>${rows.join("")}</tbody></table>${note}`,
      "text/plain": this.toString(),
    };
  }
}

/**
 * A table of runs, each with a dot in the colour that its curves have. Columns in which runs differ come first, in their
 * order; those that are the same in all are told below the table.
 *
 * @param table an arquero table, such as `track.runs()` or `race.table()`, or a list of plain objects; the first column
 *   names the run
 * @throws TypeError if there is no table, or no row
 * @throws RangeError unless limit is an integer >= 1
 * @example
 * plot.runsTable([{ name: "SGD", loss: 0.3 }, { name: "Adam", loss: 0.2 }]);
 */
export function runsTable(table: Rows, options: RunsTableOptions = {}): RunsTable {
  const { limit = 50 } = options;
  if (!(Number.isInteger(limit) && limit >= 1))
    throw new RangeError(`plot.runsTable: limit must be an integer >= 1, got ${limit}`);
  const { columns, rows } = rowsOfTable("runsTable", table);
  const [first, ...others] = columns;
  const same =
    rows.length === 1 ? [] : others.filter((column) => rows.every((row) => row[column] === rows[0][column]));
  const shown = [first, ...others.filter((column) => !same.includes(column))];
  const numbers = new Set(
    shown.filter((column) =>
      rows.every(
        (row) => row[column] === undefined || row[column] === null || typeof row[column] === "number",
      ),
    ),
  );
  const visible = rows.slice(0, limit);
  const notes = [
    same.length > 0 &&
      `The same in all: ${same.map((column) => `${column} ${format(rows[0][column])}`).join(", ")}.`,
    rows.length > limit && `${rows.length - limit} more rows.`,
  ];
  return new RunsTable(
    shown,
    visible.map((row) => shown.map((column) => format(row[column]))),
    {
      colors: colorsOf(visible.map((row) => String(row[first]))),
      numbers,
      note: notes.filter((note) => note !== false).join(" "),
    },
  );
}

function format(value: unknown): string {
  if (value === undefined || value === null || value === "") return "–";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(short(value, 5));
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace("T", " ");
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | boolean);
}
