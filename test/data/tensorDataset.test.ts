import { expect, test } from "vitest";
import { TensorDataset } from "../../src/data/index.ts";
import { tensor } from "../../src/tensor/tensor.ts";

test("a batch holds the rows asked for, in that order, repeats included", () => {
  const dataset = new TensorDataset(
    tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
    [7, 8, 9],
  );
  const { inputs, labels, size } = dataset.batch([2, 0, 2]);
  expect(inputs.toArray()).toEqual([
    [5, 6],
    [1, 2],
    [5, 6],
  ]);
  expect(labels.toArray()).toEqual([9, 7, 9]);
  expect(size).toBe(3);
});

test("bytes become float32 times the scale; float64 stays; int32 without scale stays", () => {
  const rows = { shape: [2, 1] };
  const dtypeOf = (data: Uint8Array | Float64Array | Int32Array | Float32Array): string =>
    new TensorDataset({ ...rows, data }, [0, 1]).batch([0]).inputs.dtype;
  expect(dtypeOf(Uint8Array.of(1, 2))).toBe("float32");
  expect(dtypeOf(Float32Array.of(1, 2))).toBe("float32");
  expect(dtypeOf(Float64Array.of(1, 2))).toBe("float64");
  expect(dtypeOf(Int32Array.of(1, 2))).toBe("int32");
  const scaled = new TensorDataset({ data: Uint8Array.of(0, 255), shape: [2, 1] }, [0, 1], {
    scale: 1 / 255,
  });
  expect(scaled.batch([0, 1]).inputs.toArray()).toEqual([[0], [1]]);
});

test("rows of numbers as labels keep their shape and have no classes", () => {
  const dataset = new TensorDataset(tensor([[1], [2]]), tensor([[0.5], [1.5]]));
  expect(dataset.classes).toBeUndefined();
  expect(dataset.batch([1]).labels.toArray()).toEqual([[1.5]]);
});

test("errors name the shapes, the index, the label", () => {
  expect(() => new TensorDataset(tensor([[1], [2]]), [1])).toThrow(
    "TensorDataset: 2 inputs but 1 labels (inputs [2, 1], labels [1])",
  );
  expect(() => new TensorDataset({ data: new Uint8Array(3), shape: [2, 2] }, [0, 1])).toThrow(
    "TensorDataset: inputs of shape [2, 2] and 3 numbers",
  );
  expect(() => new TensorDataset(tensor([[1], [2]]), [0.5, 1])).toThrow(
    "a list of labels holds class indices, got 0.5",
  );
  expect(() => new TensorDataset(tensor([[1], [2]]), [0, 1]).batch([2])).toThrow(
    new RangeError("batch: no example 2 among 2; use 0 to 1"),
  );
});

test("bytes, one an example, are class indices; in rows they are numbers", () => {
  const labelsOf = (shape: number[]): unknown => {
    const labels = { data: Uint8Array.of(3, 0), shape };
    const { labels: given } = new TensorDataset(tensor([[1], [2]]), labels).batch([0, 1]); // prettier-ignore
    return [given.dtype, given.toArray()];
  };
  expect(labelsOf([2])).toEqual(["int32", [3, 0]]);
  expect(labelsOf([2, 1])).toEqual(["float32", [[3], [0]]]);
});
