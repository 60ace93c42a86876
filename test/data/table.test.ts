import { desc, escape, table } from "arquero";
import { describe, expect, test } from "vitest";
import { fromTable, load, split, TensorDataset, toTable } from "../../src/data/index.ts";
import { tensor } from "../../src/tensor/tensor.ts";

const flowers = table({
  petal: [1.4, 4.7, 6],
  wild: [true, false, true],
  species: ["setosa", "virginica", "setosa"],
});

describe("fromTable", () => {
  test("text is classes in alphabetical order, the other columns are inputs", () => {
    const dataset = fromTable(flowers, { labels: "species" });
    const { inputs, labels } = dataset.batch([0, 1, 2]);
    expect(inputs.toArray()).toEqual([
      [Math.fround(1.4), 1],
      [Math.fround(4.7), 0],
      [6, 1],
    ]);
    expect([labels.dtype, labels.toArray()]).toEqual(["int32", [0, 1, 0]]);
    expect(dataset.classNames).toEqual(["setosa", "virginica"]);
    expect(dataset.featureNames).toEqual(["petal", "wild"]);
  });

  test("true and false are two classes; numbers are targets, or classes if asked", () => {
    expect(fromTable(flowers, { inputs: ["petal"], labels: "wild" }).classNames).toEqual(["false", "true"]);
    const counts = table({ x: [1, 2], y: [3, 0], z: [5, 6] });
    expect(fromTable(counts, { inputs: ["x"], labels: ["y", "z"] }).labels).toEqual({
      data: Float32Array.of(3, 5, 0, 6),
      shape: [2, 2],
    });
    const targets = fromTable(counts, { inputs: ["x"], labels: "y" });
    expect([targets.labels.shape, targets.classes]).toEqual([[2, 1], undefined]);
    expect(fromTable(counts, { inputs: ["x"], labels: "y", classes: true }).classes).toEqual(
      Int32Array.of(3, 0),
    );
  });

  test("takes the table as it is filtered and ordered", () => {
    const some = flowers.filter(escape((row: { petal: number }) => row.petal > 2)).orderby(desc("petal"));
    expect(fromTable(some, { inputs: ["petal"], labels: "species" }).inputs.data).toEqual(
      Float32Array.of(6, 4.7),
    );
  });

  test("errors name the column, the row, the value", () => {
    expect(() => fromTable(flowers, { labels: "specis" })).toThrow(
      'fromTable: no column "specis"; did you mean "species"? The table has petal, wild, species',
    );
    expect(() => fromTable(flowers, { inputs: ["species"], labels: "petal" })).toThrow(
      'fromTable: column "species", row 1: "setosa" is no number',
    );
    const gaps = table({ x: [1, null, NaN], y: ["a", "b", 3] });
    expect(() => fromTable(gaps, { inputs: ["x"], labels: "x" })).toThrow(
      'column "x", row 2: a missing value is no',
    );
    expect(() => fromTable(gaps, { labels: "y", inputs: [] })).toThrow('column "y", row 3: 3 is no string');
    expect(() => fromTable(table({ x: [NaN], y: [1] }), { labels: "y" })).toThrow('column "x", row 1');
    expect(() => fromTable(table({ x: [1], y: [0.5] }), { labels: "y", classes: true })).toThrow(
      "0.5 is no class",
    );
  });
});

describe("toTable", () => {
  test("features and classes by their names, in the order of the data set", () => {
    const dataset = fromTable(flowers, { labels: "species" });
    expect(toTable(dataset).objects()).toEqual([
      { petal: Math.fround(1.4), wild: 1, label: "setosa" },
      { petal: Math.fround(4.7), wild: 0, label: "virginica" },
      { petal: 6, wild: 1, label: "setosa" },
    ]);
    const [part] = split(dataset, [1], { seed: 3 });
    expect(toTable(part).array("label")).toEqual(
      Array.from(part.classes ?? [], (label) => dataset.classNames?.[label]),
    );
  });

  test("without names, and with labels of several numbers", () => {
    const dataset = new TensorDataset(tensor([[1, 2]]), tensor([[3, 4]]));
    expect(toTable(dataset).objects()).toEqual([{ x1: 1, x2: 2, label1: 3, label2: 4 }]);
    expect(toTable(new TensorDataset(tensor([[1]]), [7])).objects()).toEqual([{ x1: 1, label: 7 }]);
  });

  test("images are a column a pixel", async () => {
    const table = toTable(await load("digits"));
    expect([table.numRows(), table.numCols()]).toEqual([1797, 65]);
  });
});
