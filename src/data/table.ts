import { type ColumnTable, table as tableOf } from "arquero";
import { closest } from "../util/closest.ts";
import { sizeOf } from "../util/shape.ts";
import type { Dataset } from "./dataset.ts";
import { Subset } from "./split.ts";
import { TensorDataset } from "./tensorDataset.ts";

export interface FromTableOptions {
  /** Columns of numbers (or of true and false: 1 and 0). Default: all but the labels. */
  readonly inputs?: readonly string[];
  /**
   * A column of text is a class a distinct value, in alphabetical order; so is one of true and false. Columns of
   * numbers are targets `[N, how many]`, as for regression.
   */
  readonly labels: string | readonly string[];
  /** Whether a column of whole numbers from 0 on holds classes. Default false: targets. */
  readonly classes?: boolean;
}

/**
 * A data set out of an arquero table, as it is filtered and ordered: inputs `[N, columns]` in float32, and labels.
 *
 * @throws RangeError if the table has no such column, or no rows
 * @throws TypeError naming column and row, if a value is missing or of the wrong kind
 * @example
 * const flowers = aq.table({ petal: [1.4, 4.7], species: ["setosa", "versicolor"] });
 * const dataset = data.fromTable(flowers, { labels: "species" });
 * dataset.classNames; // ["setosa", "versicolor"]
 */
export function fromTable(
  table: ColumnTable,
  { inputs, labels, classes = false }: FromTableOptions,
): TensorDataset {
  const labelNames = [labels].flat();
  const names = table.columnNames();
  const inputNames = inputs ?? names.filter((name) => !labelNames.includes(name));
  for (const name of [...inputNames, ...labelNames]) {
    if (names.includes(name)) continue;
    const meant = closest(name, names);
    throw new RangeError(
      `fromTable: no column "${name}"; ${meant ? `did you mean "${meant}"? ` : ""}The table has ${names.join(", ")}`,
    );
  }
  const rows = table.numRows();
  if (rows === 0) throw new RangeError("fromTable: the table has no rows; is there more than a header?");
  const options = { featureNames: inputNames };
  const features = { data: numbers(table, inputNames), shape: [rows, inputNames.length] };
  const values = valuesOf(table, labelNames[0]);
  if (labelNames.length === 1 && (classes || values.some((value) => typeof value !== "number"))) {
    const found = classesOf(labelNames[0], values);
    return new TensorDataset(features, found.indices, { ...options, ...found.names });
  }
  return new TensorDataset(
    features,
    { data: numbers(table, labelNames), shape: [rows, labelNames.length] },
    options,
  );
}

/**
 * A data set as an arquero table: a column for each number of an input, named as its features are or x1, x2, …, and
 * `label`, a class by its name; labels of several numbers are label1, label2, …
 *
 * @example
 * data.toTable(await data.load("iris")).groupby("label").count();
 */
export function toTable(dataset: Dataset): ColumnTable {
  const { inputs, labels } = dataset.batch(Array.from({ length: dataset.length }, (_, index) => index));
  try {
    const whole = wholeOf(dataset);
    const columns = new Map<string, ArrayLike<unknown>>();
    const add = (
      prefix: string,
      values: ArrayLike<number>,
      width: number,
      names?: readonly string[],
    ): void => {
      for (let column = 0; column < width; column++) {
        const name =
          names?.[column] ?? (width === 1 && prefix === "label" ? prefix : `${prefix}${column + 1}`);
        columns.set(
          name,
          Float64Array.from({ length: dataset.length }, (_, row) => values[row * width + column]),
        );
      }
    };
    add("x", inputs.data, sizeOf(inputs.shape.slice(1)), whole?.featureNames);
    add("label", labels.data, sizeOf(labels.shape.slice(1)));
    const { classNames } = whole ?? {};
    if (classNames && dataset.classes) {
      columns.set(
        "label",
        Array.from(dataset.classes, (label) => classNames[label] ?? String(label)),
      );
    }
    return tableOf(columns);
  } finally {
    inputs.dispose();
    labels.dispose();
  }
}

/** The data set that parts of it were taken from, which knows the names. */
function wholeOf(dataset: Dataset): TensorDataset | undefined {
  if (dataset instanceof Subset) return wholeOf(dataset.dataset);
  return dataset instanceof TensorDataset ? dataset : undefined;
}

const valuesOf = (table: ColumnTable, name: string): readonly unknown[] => Array.from(table.array(name));

/** Columns side by side, row by row. */
function numbers(table: ColumnTable, names: readonly string[]): Float32Array {
  const result = new Float32Array(table.numRows() * names.length);
  names.forEach((name, column) => {
    valuesOf(table, name).forEach((value, row) => {
      if (typeof value !== "number" && typeof value !== "boolean") throw notA("number", name, row, value);
      if (Number.isNaN(value)) throw notA("number", name, row, value);
      result[row * names.length + column] = Number(value);
    });
  });
  return result;
}

function classesOf(
  name: string,
  values: readonly unknown[],
): { indices: Int32Array; names: { classNames?: readonly string[] } } {
  values.forEach((value, row) => {
    const known = typeof value === "string" || typeof value === "boolean";
    const isClass = typeof value === "number" && Number.isInteger(value) && value >= 0;
    if (!known && !isClass) throw notA("class", name, row, value);
    if (typeof value !== typeof values[0]) throw notA(`${typeof values[0]}, as in row 1`, name, row, value);
  });
  if (typeof values[0] === "number") return { indices: Int32Array.from(values as number[]), names: {} };
  const classNames = [...new Set(values.map(String))].toSorted();
  const indexOf = new Map(classNames.map((label, index) => [label, index]));
  return { indices: Int32Array.from(values, (value) => indexOf.get(String(value))!), names: { classNames } };
}

const notA = (kind: string, name: string, row: number, value: unknown): TypeError =>
  new TypeError(
    `fromTable: column "${name}", row ${row + 1}: ${value === null || value === undefined ? "a missing value" : JSON.stringify(value)} ` +
      `is no ${kind}; leave such rows out with table.filter(…) or give the column other values with derive`,
  );
