import { describe, expect, test } from "vitest";
import {
  ConcatDataset,
  DataLoader,
  type Dataset,
  Subset,
  TensorDataset,
  TextDataset,
} from "../../src/data/index.ts";
import { Tensor, tensor } from "../../src/tensor/tensor.ts";
import { ShapeError } from "../../src/util/errors.ts";

/** Examples [10 · label, label] of these labels. */
const rows = (labels: number[]): TensorDataset =>
  new TensorDataset(
    { data: Float32Array.from(labels.flatMap((label) => [10 * label, label])), shape: [labels.length, 2] },
    labels,
  );

describe("ConcatDataset", () => {
  const joined = new ConcatDataset([rows([1, 2, 3]), rows([]), rows([4]), rows([5, 6])]);

  test("counts and gives the examples of each in the order that is asked for, with their classes", () => {
    expect(joined.length).toBe(6);
    expect([...joined.classes!]).toEqual([1, 2, 3, 4, 5, 6]);
    for (const indices of [[0, 1, 2, 3, 4, 5], [5, 0, 3, 3, 2], [4], []]) {
      const { inputs, labels, size } = joined.batch(indices);
      const expected = indices.map((index) => index + 1);
      expect([size, labels.dtype, inputs.shape]).toEqual([indices.length, "int32", [indices.length, 2]]);
      expect([...labels.data]).toEqual(expected);
      expect([...inputs.data]).toEqual(expected.flatMap((label) => [10 * label, label]));
    }
  });

  test("leaves nothing behind but the batch, in any scope", () => {
    const before = Tensor.memory().tensors;
    new ConcatDataset([rows([1]), rows([2])]);
    for (const _ of new DataLoader(joined, { batchSize: 4, shuffle: true, seed: 1 }));
    expect(Tensor.memory().tensors).toBe(before);
  });

  test("joins bytes that are given out scaled with numbers that a network made", () => {
    const bytes = new TensorDataset({ data: Uint8Array.of(0, 16), shape: [2, 1, 1, 1] }, [0, 1], {
      scale: 1 / 16,
    });
    const made = new TensorDataset(Tensor.full([1, 1, 1, 1], 0.5), [3]);
    const { inputs, labels } = new ConcatDataset([bytes, made]).batch([2, 1]);
    expect([inputs.shape, inputs.toArray(), labels.toArray()]).toEqual([
      [2, 1, 1, 1],
      [[[[0.5]]], [[[1]]]],
      [3, 1],
    ]);
  });

  test("has classes only where all have", () => {
    const targets = new TensorDataset(tensor([[1, 2]]), tensor([[0.5]]));
    expect(new ConcatDataset([targets, targets]).classes).toBeUndefined();
    expect(new ConcatDataset([targets, targets]).batch([1, 0]).labels.toArray()).toEqual([[0.5], [0.5]]);
  });

  test("refuses what does not go together, before anything is trained", () => {
    const targets = new TensorDataset(tensor([[1, 2]]), tensor([[0.5]]));
    const wide = new TensorDataset(tensor([[1, 2, 3]]), [0]);
    expect(() => new ConcatDataset([rows([]), rows([1]), wide])).toThrow(
      new ShapeError("ConcatDataset: number 1 has inputs [2] of float32, and number 2 has [3] of float32"),
    );
    expect(() => new ConcatDataset([rows([1]), targets])).toThrow(
      new ShapeError("ConcatDataset: number 0 has labels [] of int32, and number 1 has [1] of float32"),
    );
    expect(() => new ConcatDataset([new TextDataset(["ab"])])).toThrow(
      new TypeError(
        "ConcatDataset: the sequences of number 0 have several lengths; make one data set of all texts",
      ),
    );
    expect(() => new ConcatDataset([])).toThrow(
      new RangeError("ConcatDataset: the list of data sets is empty"),
    );
    expect(() => new ConcatDataset(rows([1]) as never)).toThrow(
      "ConcatDataset: it takes a list of data sets, got a TensorDataset; write new data.ConcatDataset([a, b])",
    );
    expect(() => new ConcatDataset([rows([1]), Tensor.ones([1])] as never)).toThrow(
      new TypeError("ConcatDataset: number 1 must be a data set, got a Tensor"),
    );
    for (const index of [-1, 6, 0.5, NaN])
      expect(() => joined.batch([0, index])).toThrow(
        new RangeError(`batch: no example ${index} among 6; use 0 to 5`),
      );
  });

  test("an error of one frees what the others gave", () => {
    const failing: Dataset = {
      length: 2,
      batch(indices) {
        if (indices[0] === 1) throw new Error("unreadable");
        return rows([1, 2]).batch(indices);
      },
    };
    const both = new ConcatDataset([rows([1]), failing]);
    const before = Tensor.memory().tensors;
    expect(() => both.batch([0, 2])).toThrow(new Error("unreadable"));
    expect(Tensor.memory().tensors).toBe(before);
  });
});

test("Subset: takes the indices of a class as a list, and says which is missing", () => {
  const dataset = rows([3, 1, 3]);
  const threes = new Subset(
    dataset,
    [...dataset.classes!.keys()].filter((index) => dataset.classes![index] === 3),
  );
  expect([threes.length, ...threes.classes!]).toEqual([2, 3, 3]);
  for (const index of [-1, 3, 0.5])
    expect(() => new Subset(dataset, [0, index])).toThrow(
      new RangeError(`Subset: no example ${index} among 3; use 0 to 2`),
    );
});
