/** arquero's tables, known by what they can do: the notebook's own arquero may be another copy than ours. */
import type { MimeBundle } from "../channel.ts";

interface Table {
  numRows(): number;
  numCols(): number;
  toHTML(options: { limit: number }): string;
  toMarkdown(options: { limit: number }): string;
}

const methods = ["numRows", "numCols", "toHTML", "toMarkdown"] as const;

/** More would fill the page, and the notebook's file. */
const rowsShown = 50;

export const isTable = (value: unknown): value is Table =>
  typeof value === "object" &&
  value !== null &&
  methods.every((method) => typeof (value as Partial<Table>)[method] === "function");

/** The first rows, and how many there are. */
export function tableBundle(table: Table): MimeBundle {
  const rows = table.numRows();
  const limit = Math.min(rows, rowsShown);
  const shown = limit < rows ? `the first ${limit} of ` : "";
  const size = `${shown}${counted(rows, "row")}, ${counted(table.numCols(), "column")}`;
  return {
    "text/html": `${table.toHTML({ limit })}\n<p>${size}</p>`,
    "text/plain": `${table.toMarkdown({ limit })}\n${size}`,
  };
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
