export interface TableOptions {
  /** The heading of a column of numbers, which stand at the right; several are joined by commas. */
  readonly right: string;
}

/** Rows of text in columns, the first row being the headings. */
export function textTable(rows: readonly (readonly string[])[], options: TableOptions): string {
  const atRight = rightColumns(rows, options);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]): string => {
    const cells = row.map((cell, column) =>
      atRight[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
    return cells.join("  ").trimEnd();
  };
  return rows.map(line).join("\n");
}

/** The same in HTML; what the cells hold is shown, never interpreted. */
export function htmlTable(rows: readonly (readonly string[])[], options: TableOptions): string {
  const atRight = rightColumns(rows, options);
  const line = (row: readonly string[], tag: "th" | "td"): string => {
    const cells = row.map(
      (cell, column) =>
        `<${tag} style="text-align: ${atRight[column] ? "right" : "left"}">${escapeHtml(cell)}</${tag}>`,
    );
    return `<tr>${cells.join("")}</tr>`;
  };
  const [heading, ...body] = rows;
  const lines = body.map((row) => line(row, "td")).join("");
  return `<table><thead>${line(heading, "th")}</thead><tbody>${lines}</tbody></table>`;
}

function rightColumns([headings]: readonly (readonly string[])[], { right }: TableOptions): boolean[] {
  return headings.map((heading) => right.split(",").includes(heading));
}

export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** "1,234,567" */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
