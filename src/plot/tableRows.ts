import type { ColumnTable } from "arquero";
import { kindOf } from "./histories.ts";

/** Rows of an arquero table, or a list of plain objects. */
export type Rows = ColumnTable | readonly Readonly<Record<string, unknown>>[];

export interface ReadRows {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** @throws TypeError if there are no rows */
export function rowsOfTable(operation: string, table: unknown): ReadRows {
  const given = table as Partial<ColumnTable> | null | undefined;
  const rows: unknown = typeof given?.objects === "function" ? given.objects({ limit: Infinity }) : table;
  if (!Array.isArray(rows) || rows.some((row) => typeof row !== "object" || row === null))
    throw new TypeError(
      `plot.${operation}: give a table, such as track.runs() or race.table(), or a list of rows, got ${kindOf(table)}`,
    );
  if (rows.length === 0) throw new TypeError(`plot.${operation}: the table has no row`);
  const columns =
    typeof given?.columnNames === "function"
      ? given.columnNames()
      : [...new Set(rows.flatMap((row: object) => Object.keys(row)))];
  return { columns, rows: rows as ReadRows["rows"] };
}
