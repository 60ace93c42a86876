import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataLoader, TensorDataset } from "../../src/data/index.ts";
import type { DataLoaderOptions } from "../../src/data/index.ts";
import * as random from "../../src/random/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";

const numbered = (length: number): TensorDataset =>
  new TensorDataset(
    { data: Float32Array.from({ length }, (_, index) => index), shape: [length, 1] },
    Array.from({ length }, (_, index) => index),
  );

const epoch = (loader: DataLoader): number[][] => {
  const batches: number[][] = [];
  for (const { labels } of loader) batches.push([...labels.data]);
  return batches;
};

describe("DataLoader", () => {
  test("an epoch holds every example once, whatever the options", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        (n, batchSize, shuffle) => {
          const loader = new DataLoader(numbered(n), { batchSize, shuffle, seed: 1 });
          const batches = epoch(loader);
          expect(batches.length).toBe(loader.length);
          expect(batches.slice(0, -1).every((batch) => batch.length === batchSize)).toBe(true);
          expect(batches.flat().sort((a, b) => a - b)).toEqual(
            Array.from({ length: n }, (_, index) => index),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  test("batchSize all, 1 and n are batch, stochastic and mini-batch; inputs go with their labels", () => {
    expect(epoch(new DataLoader(numbered(5), { batchSize: "all" }))).toEqual([[0, 1, 2, 3, 4]]);
    expect(epoch(new DataLoader(numbered(3), { batchSize: 1 }))).toEqual([[0], [1], [2]]);
    expect(epoch(new DataLoader(numbered(5), { batchSize: 2 }))).toEqual([[0, 1], [2, 3], [4]]);
    for (const { inputs, labels } of new DataLoader(numbered(9), { batchSize: 4, shuffle: true })) {
      expect([...inputs.data]).toEqual([...labels.data]);
    }
  });

  test("dropLast leaves out the smaller last batch", () => {
    const loader = new DataLoader(numbered(5), { batchSize: 2, dropLast: true });
    expect(epoch(loader)).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(loader.length).toBe(2);
  });

  test("one seed gives one sequence of orders, a new one each epoch", () => {
    const make = (options: DataLoaderOptions): DataLoader =>
      new DataLoader(numbered(20), { batchSize: 20, shuffle: true, ...options });
    const first = make({ seed: 4 });
    const second = make({ generator: random.generator(4) });
    const epochs = [epoch(first), epoch(first)];
    random.defaultGenerator().bits();
    expect([epoch(second), epoch(second)]).toEqual(epochs);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(epoch(make({ seed: 5 }))).not.toEqual(epochs[0]);
  });

  test("walking it leaves no tensor behind but the last batch", () => {
    const dataset = numbered(64);
    const before = Tensor.memory().tensors;
    for (const _ of new DataLoader(dataset, { batchSize: 2 })) {
      expect(Tensor.memory().tensors).toBe(before + 2);
    }
    expect(Tensor.memory().tensors).toBe(before);
  });

  test.each([0, 1.5, -2, NaN])("batchSize %d is refused", (batchSize) => {
    expect(() => new DataLoader(numbered(2), { batchSize })).toThrow(
      new RangeError(`DataLoader: batchSize must be "all" or an integer >= 1, got ${batchSize}`),
    );
  });
});
