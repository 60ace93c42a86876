import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as augment from "../../src/data/augment/index.ts";
import { DataLoader, TensorDataset } from "../../src/data/index.ts";
import type { DataLoaderOptions, DataLoaderState } from "../../src/data/index.ts";
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

/** Images of 3×4 bytes, the first of which is the image's number. */
const pictures = (length: number): TensorDataset =>
  new TensorDataset(
    {
      data: Uint8Array.from({ length: length * 12 }, (_, index) => (index * 7) % 251),
      shape: [length, 3, 4, 1],
    },
    Array.from({ length }, (_, index) => index),
    { scale: 1 / 255 },
  );
const wobble = augment.compose(
  augment.rotate({ degrees: [-20, 20] }),
  augment.noise({ standardDeviation: 0.1 }),
);

/** The numbers of every batch that is left of this epoch. */
const numbers = (loader: DataLoader): number[][] => {
  const batches: number[][] = [];
  for (const { inputs, labels } of loader) batches.push([...labels.data, ...inputs.data]);
  return batches;
};

describe("DataLoader with augmentation", () => {
  test("changes the inputs of each batch, anew each epoch, and leaves labels, order and data set alone", () => {
    const dataset = pictures(10);
    const before = dataset.inputs.data.slice();
    const plain = new DataLoader(dataset, { batchSize: 4, shuffle: true, seed: 3 });
    const loader = new DataLoader(dataset, { batchSize: 4, shuffle: true, seed: 3, augment: wobble });
    const labels = (batches: number[][]): number[][] =>
      batches.map((batch) => batch.filter(Number.isInteger));
    const [first, second] = [numbers(loader), numbers(loader)];
    expect(epoch(plain)).toEqual(
      epoch(new DataLoader(dataset, { batchSize: 4, shuffle: true, seed: 3, augment: wobble })),
    );
    expect(first).not.toEqual(second);
    expect(labels(first).map((batch) => batch.length)).toEqual([4, 4, 2]);
    expect(dataset.inputs.data).toEqual(before);
    const ordered = new DataLoader(dataset, { batchSize: 4, seed: 3, augment: wobble });
    expect(numbers(ordered)).not.toEqual(numbers(ordered));
  });

  test("each batch of an epoch by its own draws", () => {
    const alike = new TensorDataset({ data: new Float32Array(24).fill(1), shape: [2, 3, 4, 1] }, [0, 0]);
    const [first, second] = numbers(new DataLoader(alike, { batchSize: 1, seed: 1, augment: wobble }));
    expect(first).not.toEqual(second);
  });

  test("a batch is the augmentation of the plain batch, on bytes already scaled", () => {
    const invert = ({ data, shape }: augment.Images): augment.Images => ({
      data: data.map((x) => 1 - x),
      shape,
    });
    const [plain] = numbers(new DataLoader(pictures(3), { batchSize: "all" }));
    const [inverted] = numbers(new DataLoader(pictures(3), { batchSize: "all", augment: invert }));
    expect(inverted.slice(3)).toEqual(plain.slice(3).map((x) => Math.fround(1 - x)));
  });

  test("depends on its seed alone, not on what others draw while it is walked", () => {
    const options = { batchSize: 3, shuffle: true, augment: wobble };
    const undisturbed = numbers(new DataLoader(pictures(10), { ...options, seed: 8 }));
    random.seed(8);
    const disturbed: number[][] = [];
    for (const { inputs, labels } of new DataLoader(pictures(10), options)) {
      disturbed.push([...labels.data, ...inputs.data]);
      random.defaultGenerator().normal();
    }
    expect(disturbed).toEqual(undisturbed);
  });

  test("walking it leaves no tensor behind but the last batch; nor does an error", () => {
    const before = Tensor.memory().tensors;
    for (const _ of new DataLoader(pictures(8), { batchSize: 2, augment: wobble })) {
      expect(Tensor.memory().tensors).toBe(before + 2);
    }
    expect(Tensor.memory().tensors).toBe(before);
    expect(() => numbers(new DataLoader(numbered(4), { augment: wobble }))).toThrow(
      "compose: images must be [N, height, width, channels], got [4, 1]",
    );
    expect(Tensor.memory().tensors).toBe(before);
  });
});

describe("DataLoader resumes", () => {
  test("anywhere in any epoch, through JSON, with the same batches bit for bit", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(12),
        fc.nat(3),
        (n, batchSize, shuffle, dropLast, steps, prefetch) => {
          const make = (seed: number): DataLoader =>
            new DataLoader(pictures(n), { batchSize, shuffle, dropLast, augment: wobble, seed, prefetch });
          const loader = make(1);
          if (loader.length === 0) return;
          let saved = JSON.stringify(loader.state());
          const rest: number[][][] = [[]];
          let taken = 0;
          for (let round = 0; round < 14; round++) {
            for (const { inputs, labels } of loader) {
              if (taken >= steps) rest.at(-1)!.push([...labels.data, ...inputs.data]);
              taken++;
              if (taken === steps) saved = JSON.stringify(loader.state());
            }
            if (taken > steps) rest.push([]);
          }
          const resumed = make(99);
          resumed.restore(JSON.parse(saved) as DataLoaderState);
          for (const batches of rest.slice(0, -1)) expect(numbers(resumed)).toEqual(batches);
          expect(resumed.state()).toEqual(loader.state());
        },
      ),
      { numRuns: 60 },
    );
  });

  test("on the session's generator, which is saved beside it", () => {
    random.seed(12);
    const make = (): DataLoader =>
      new DataLoader(pictures(6), { batchSize: 2, shuffle: true, augment: wobble });
    const loader = make();
    const walk = loader[Symbol.iterator]();
    walk.next();
    random.defaultGenerator().bits();
    const saved = { loader: loader.state(), session: random.defaultGenerator().state() };
    expect(saved.loader.generator).toBeNull();
    const rest = [...walk].map(({ labels }) => labels.shape);
    const next = numbers(loader);
    random.seed(77);
    random.defaultGenerator().restore(saved.session);
    const resumed = make();
    resumed.restore(saved.loader);
    expect(numbers(resumed).length).toBe(rest.length);
    expect(numbers(resumed)).toEqual(next);
  });

  test("a loop that was left begins a new epoch, and its state goes on where it was left", () => {
    const make = (): DataLoader => new DataLoader(numbered(6), { batchSize: 2, shuffle: true, seed: 2 });
    const whole = epoch(make());
    const loader = make();
    for (const _ of loader) break;
    const state = loader.state();
    expect([state.epoch, state.position]).toEqual([0, 1]);
    expect(epoch(loader)).toHaveLength(3);
    const resumed = make();
    resumed.restore(state);
    expect(epoch(resumed)).toEqual(whole.slice(1));
    expect(resumed.state()).toMatchObject({ epoch: 1, position: 0, epochStart: null });
  });

  test("a state of other examples, batches or order is refused, and nothing is changed", () => {
    const loader = new DataLoader(numbered(6), { batchSize: 2, shuffle: true, seed: 2 });
    const before = loader.state();
    const of = (options: DataLoaderOptions, n = 6): DataLoaderState =>
      new DataLoader(numbered(n), { batchSize: 2, shuffle: true, seed: 3, ...options }).state();
    expect(() => loader.restore(of({}, 7))).toThrow(
      "DataLoader.restore: the state was saved with examples 7, and this loader has 6",
    );
    expect(() => loader.restore(of({ batchSize: 3 }))).toThrow("batchSize 3, and this loader has 2");
    expect(() => loader.restore(of({ shuffle: false }))).toThrow("shuffle false, and this loader has true");
    expect(() => loader.restore({ ...before, position: 3 })).toThrow(
      "position must be an integer from 0 to 2, got 3",
    );
    expect(loader.state()).toEqual(before);
  });
});
