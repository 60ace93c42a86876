import { type ColumnTable, table } from "arquero";
import { closest } from "../util/closest.ts";
import { readUnzipped } from "./bytes.ts";
import { type CsvField, type CsvRecord, csvRecords } from "./csvRecords.ts";

export type ColumnType = "number" | "boolean" | "string";

export interface CsvOptions {
  /** The first line names the columns. Default true; without it they are called column1, column2, … */
  readonly header?: boolean;
  /** The columns' names, instead of those in the file or where it has none. */
  readonly names?: readonly string[];
  /** Default ",". */
  readonly delimiter?: string;
  /**
   * Types of columns, by name. The others get the narrowest that fits all their fields: number (12, -0.5, 1e-3),
   * boolean (true, false), string.
   */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** Unquoted fields that stand for a missing value, read as null. Default "" and "NA". */
  readonly missing?: readonly string[];
}

/**
 * Read a CSV file, plain or gzipped, into an arquero table.
 *
 * @param path relative to the working directory, which in a notebook is its folder
 * @throws SyntaxError naming the line, if lines differ in their number of fields or a quote is not closed
 * @throws TypeError naming line and column, if a field does not fit a type asked for
 * @throws Error if there is no such file
 * @example
 * const flowers = await data.csv("flowers.csv", { types: { id: "string" } });
 * const dataset = data.fromTable(flowers, { inputs: ["height", "width"], labels: "species" });
 */
export async function csv(path: string, options: CsvOptions = {}): Promise<ColumnTable> {
  const bytes = await readUnzipped("csv", path);
  return parseCsv(bytes.toString("utf8"), options, path);
}

/**
 * The same for CSV text that is at hand; `name` is for errors.
 * @throws SyntaxError or TypeError as `csv` does
 * @example
 * data.parseCsv("height,species\n3,rose\n5,lily").numRows(); // 2
 */
export function parseCsv(text: string, options: CsvOptions = {}, name = "text"): ColumnTable {
  const { delimiter = ",", header = true, missing = ["", "NA"] } = options;
  if (delimiter === "" || /["\n\r]/.test(delimiter)) {
    throw new RangeError(
      `csv: delimiter must be neither empty nor a quote or line end, got ${JSON.stringify(delimiter)}`,
    );
  }
  const records = [...csvRecords(name, text, delimiter)];
  if (records.length === 0) throw new SyntaxError(`csv: ${name} is empty`);
  const names = columnNames(name, records[0], header, options.names);
  const rows = header ? records.slice(1) : records;
  const odd = rows.find(({ fields }) => fields.length !== names.length);
  if (odd) {
    throw new SyntaxError(
      `csv: ${name}, line ${odd.line} has ${odd.fields.length} fields, and there are ${names.length} columns ` +
        `(${names.join(", ")}); a field that holds the delimiter ${JSON.stringify(delimiter)} needs quotes`,
    );
  }
  checkTypes(name, names, options.types ?? {});
  const isMissing = ({ text, quoted }: CsvField): boolean => !quoted && missing.includes(text.trim());
  const columns = names.map((column, place) => {
    const fields = rows.map((row) => row.fields[place]);
    const type = options.types?.[column] ?? narrowest(fields.filter((field) => !isMissing(field)));
    return fields.map((field, row) => {
      if (isMissing(field)) return null;
      const value = readers[type](field.text);
      if (value !== undefined) return value;
      const line = rows[row].line;
      throw new TypeError(
        `csv: ${name}, line ${line}, column "${column}": ${JSON.stringify(field.text)} is not a ${type}; ` +
          `name it in missing: [...] if it stands for a missing value`,
      );
    });
  });
  return table(new Map(names.map((column, place) => [column, columns[place]])));
}

/** What a field holds; undefined if it is not of that type. */
const readers: Readonly<Record<ColumnType, (text: string) => number | boolean | string | undefined>> = {
  number: (text) =>
    /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text) ? Number(text) : specialNumbers.get(text),
  boolean: (text) => ({ true: true, false: false })[text.trim().toLowerCase()],
  string: (text) => text,
};
const specialNumbers = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

/** A column without any values is one of strings. */
function narrowest(fields: readonly CsvField[]): ColumnType {
  const fits = (type: ColumnType): boolean => fields.every(({ text }) => readers[type](text) !== undefined);
  return fields.length === 0 ? "string" : ((["number", "boolean"] as const).find(fits) ?? "string");
}

function columnNames(
  name: string,
  first: CsvRecord,
  header: boolean,
  given: readonly string[] | undefined,
): readonly string[] {
  const width = first.fields.length;
  if (given && given.length !== width) {
    throw new RangeError(
      `csv: ${name} has ${width} columns, and names are ${given.length}: ${given.join(", ")}`,
    );
  }
  const names =
    given ?? first.fields.map(({ text }, place) => (header ? text.trim() : "") || `column${place + 1}`);
  const twice = names.find((column, place) => names.indexOf(column) !== place);
  if (twice !== undefined) {
    throw new SyntaxError(
      `csv: ${name}, line ${first.line}: two columns are called "${twice}"; give them names: [...]`,
    );
  }
  return names;
}

function checkTypes(
  name: string,
  names: readonly string[],
  types: Readonly<Record<string, ColumnType>>,
): void {
  for (const [column, type] of Object.entries(types)) {
    if (!names.includes(column)) {
      const meant = closest(column, names);
      throw new RangeError(
        `csv: types name a column "${column}", which ${name} has not; ` +
          `${meant ? `did you mean "${meant}"? ` : ""}It has ${names.join(", ")}`,
      );
    }
    if (!Object.hasOwn(readers, type)) {
      throw new RangeError(`csv: types of "${column}" must be number, boolean or string, got "${type}"`);
    }
  }
}
