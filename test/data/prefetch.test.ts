import { setImmediate, setTimeout } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import * as augment from "../../src/data/augment/index.ts";
import { recipeOf, type Images, type Transform } from "../../src/data/augment/images.ts";
import { augmentAhead } from "../../src/data/augmentAhead.ts";
import { TAKEN } from "../../src/data/augmentJob.ts";
import { type Batch, DataLoader, type Dataset, TensorDataset } from "../../src/data/index.ts";
import type { DataLoaderOptions } from "../../src/data/index.ts";
import * as random from "../../src/random/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import { ShapeError } from "../../src/util/errors.ts";

const bytes = (count: number): Images => ({
  data: Uint8Array.from({ length: count * 60 }, (_, index) => (index * 37) % 251),
  shape: [count, 5, 4, 3],
});
const floats = (count: number): Images => {
  const { data, shape } = bytes(count);
  return { data: Float32Array.from(data, (value) => value / 255), shape };
};
const pictures = (count: number): TensorDataset =>
  new TensorDataset(
    bytes(count),
    Array.from({ length: count }, (_, index) => index),
    { scale: 1 / 255 },
  );

/** One of each, with options of every kind. */
const augmentations: Record<string, augment.Augmentation> = {
  flip: augment.flip({ direction: "vertical", probability: 0.4 }),
  rotate: augment.rotate({ degrees: [-40, 20], fill: "reflect", probability: 0.8 }),
  "rotate with room for the corners": augment.rotate({ degrees: [10, 30], expand: true, value: 0.5 }),
  scale: augment.scale({ factor: [0.7, 1.4], interpolation: "nearest" }),
  crop: augment.crop({ side: [0.5, 1], probability: 0.9 }),
  translate: augment.translate({ x: [-2, 2], y: 1, fill: "wrap" }),
  normalize: augment.normalize({ mean: [0.1, 0.2, 0.3], standardDeviation: 0.5 }),
  noise: augment.noise({ standardDeviation: [0, 0.2], probability: 0.7 }),
};
const all = augment.compose(
  augment.compose(augmentations.flip, augmentations.rotate, augmentations.crop),
  augmentations.noise,
);

/** A helper says nothing when it is done, so that it can be asked at any moment; this leaves it the processor. */
const pause = (): Promise<void> => setTimeout(5);

/** Begin, let the helper have its turn, finish, again and again until it was the helper that did it. */
async function byHelper(recipe: Transform, images: Images, seed: number): Promise<Images> {
  for (;;) {
    let here = false;
    const mine: Transform = (given) => ((here = true), given);
    const augmenting = augmentAhead(mine, recipeOf(recipe)!, images, seed, 1);
    await pause();
    const result = augmenting.finish();
    if (!here) return result;
  }
}

describe("another thread", () => {
  test.each(Object.entries({ ...augmentations, "all, one after another": all }))(
    "augments as this one does, bit for bit: %s",
    async (_name, each) => {
      for (const images of [bytes(3), floats(2), { ...floats(1), data: Float64Array.from(floats(1).data) }]) {
        if (images.data instanceof Uint8Array && each === augmentations["rotate with room for the corners"])
          continue;
        const found = await byHelper(each, images, 11);
        expect(found).toEqual(each(images, random.generator(11)));
        expect(found.data.constructor).toBe(each(images, random.generator(11)).data.constructor);
      }
    },
  );

  test("meets no error that this one does not meet at its turn, with the same words", async () => {
    const table = { data: new Float32Array(8), shape: [2, 4] };
    const augmenting = augmentAhead(all, recipeOf(all)!, table, 1, 1);
    await pause();
    expect(() => augmenting.finish()).toThrow(
      new ShapeError(
        "compose: images must be [N, height, width, channels], got [2, 4]; a table of numbers has no rows and columns to move",
      ),
    );
    expect(await byHelper(all, floats(1), 3)).toEqual(all(floats(1), random.generator(3)));
  });
});

describe("a thread that dies", () => {
  afterEach(() => vi.restoreAllMocks());

  /** `augmentAhead` as before its first thread, what it warns of, and the threads it starts. */
  async function fresh(): Promise<{ own: typeof augmentAhead; warnings: unknown[][]; threads: Worker[] }> {
    vi.resetModules();
    const { augmentAhead: own } = await import("../../src/data/augmentAhead.ts");
    const threads: Worker[] = [];
    const gather = (thread: Worker): void => void threads.push(thread);
    process.on("worker", gather);
    onTestFinished(() => void process.off("worker", gather));
    const warnings = vi.spyOn(console, "warn").mockImplementation(() => {}).mock.calls;
    return { own, warnings, threads };
  }
  const begin = (own: typeof augmentAhead, seed: number, by: Transform = all): ReturnType<typeof own> =>
    own(by, recipeOf(all)!, floats(2), seed, 1);
  const expected = (seed: number): Images => all(floats(2), random.generator(seed));
  const only = async (threads: readonly Worker[]): Promise<Worker> => {
    // Node tells of a new thread in the next turn.
    await setImmediate();
    expect(threads).toHaveLength(1);
    return threads[0];
  };

  test("before its first batch leaves the work to this one, says so, and is not tried again", async () => {
    const { own, warnings, threads } = await fresh();
    const augmenting = begin(own, 1);
    await (await only(threads)).terminate();
    expect(warnings).toEqual([
      [
        expect.stringMatching(
          /^DataLoader: a thread that augments ahead ended \(exit code [01]\); from now on each batch is augmented at its turn, and the numbers stay the same$/,
        ),
      ],
    ]);
    expect(augmenting.finish()).toEqual(expected(1));
    const next = begin(own, 2);
    next.cancel();
    expect(next.finish()).toEqual(expected(2));
    await only(threads);
  });

  test("after some work is replaced by another", async () => {
    const { own, warnings, threads } = await fresh();
    let here: boolean;
    do {
      here = false;
      const augmenting = begin(own, 3, (images, source) => ((here = true), all(images, source)));
      await pause();
      expect(augmenting.finish()).toEqual(expected(3));
    } while (here);
    await (await only(threads)).terminate();
    expect(warnings).toEqual([
      [expect.stringContaining("; another takes its place, and the numbers stay the same")],
    ]);
    expect(begin(own, 9).finish()).toEqual(expected(9));
    await setImmediate();
    expect(threads).toHaveLength(2);
  });

  test("over a batch that it took is waited for a second, no longer", async () => {
    const { own, threads } = await fresh();
    const augmenting = begin(own, 1);
    await (await only(threads)).terminate();
    const atomics = Atomics as { compareExchange: (...given: never[]) => number };
    vi.spyOn(atomics, "compareExchange").mockImplementationOnce((state: Int32Array) =>
      Atomics.store(state, 0, TAKEN),
    );
    const wait = vi.spyOn(Atomics, "wait").mockReturnValueOnce("timed-out");
    expect(augmenting.finish()).toEqual(expected(1));
    expect(wait.mock.calls).toEqual([[expect.any(Int32Array), 0, TAKEN, 1000]]);
  });

  test("of an error is told with its words", async () => {
    const { own, warnings, threads } = await fresh();
    begin(own, 1);
    const thread = await only(threads);
    thread.emit("error", new Error("Worker terminated due to reaching memory limit"));
    await thread.terminate();
    expect(warnings[0][0]).toContain("ended (Worker terminated due to reaching memory limit); from now on");
  });

  test("as it is born likewise", async () => {
    vi.doMock("node:worker_threads", async (original) => ({
      ...(await original<object>()),
      Worker: class {
        constructor() {
          throw new Error("no room for a thread");
        }
      },
    }));
    onTestFinished(() => {
      vi.doUnmock("node:worker_threads");
    });
    const { own, warnings } = await fresh();
    expect(begin(own, 1).finish()).toEqual(expected(1));
    expect(begin(own, 2).finish()).toEqual(expected(2));
    expect(warnings).toHaveLength(1);
    expect(warnings[0][0]).toContain("ended (no room for a thread); from now on");
  });
});

const numbers = (loader: DataLoader): number[][] => {
  const batches: number[][] = [];
  for (const { inputs, labels } of loader) batches.push([...labels.data, ...inputs.data]);
  return batches;
};

/** Two epochs' numbers, with pauses in which the helpers get ahead. */
async function walked(options: DataLoaderOptions, dataset: Dataset = pictures(11)): Promise<number[][]> {
  const loader = new DataLoader(dataset, { batchSize: 2, shuffle: true, seed: 5, ...options });
  const batches: number[][] = [];
  for (let epoch = 0; epoch < 2; epoch++) {
    for (const { inputs, labels } of loader) {
      batches.push([...inputs.shape, ...labels.data, ...inputs.data]);
      await setImmediate();
    }
  }
  return batches;
}

describe("a loader that prefetches", () => {
  test.each([1, 2, 5, 100])("%d ahead: gives the batches it would give without", async (prefetch) => {
    const expected = await walked({ augment: all });
    expect(expected).toHaveLength(12);
    expect(await walked({ augment: all, prefetch })).toEqual(expected);
    const plain = await walked({ dropLast: true });
    expect(await walked({ dropLast: true, prefetch })).toEqual(plain);
  });

  test("leaves every batch but the first to the helpers, once they have come up", async () => {
    const loader = new DataLoader(pictures(12), { batchSize: 2, augment: all, seed: 1, prefetch: 2 });
    let here = 0;
    const counting: Transform = (images, own) => (here++, all(images, own));
    Object.assign(loader, { augment: counting });
    do {
      here = 0;
      for (const _ of loader) await pause();
    } while (here > 1);
    expect(here).toBe(1);
  });

  test("keeps whatever else a batch holds", async () => {
    const inner = pictures(6);
    const dataset: Dataset = {
      length: 6,
      batch: (indices) => ({
        ...inner.batch(indices),
        lengths: Tensor.from(Int32Array.from(indices), [indices.length]),
        names: "a field of its own",
      }),
    };
    const loader = new DataLoader(dataset, { batchSize: 2, augment: all, seed: 1, prefetch: 2 });
    const found = [...loader].map(({ size, ...rest }) => [size, (rest as { names?: string }).names]);
    expect(found).toEqual([1, 2, 3].map(() => [2, "a field of its own"]));
    for (const { labels, lengths } of loader) expect([...lengths!.data]).toEqual([...labels.data]);
  });

  test("tells of an error at the batch that has it, and not if the loop ends before", () => {
    const inner = pictures(10);
    const failing: Dataset = {
      length: 10,
      batch(indices): Batch {
        if (Array.from(indices).includes(7)) throw new Error("example 7 cannot be read");
        return inner.batch(indices);
      },
    };
    const before = Tensor.memory().tensors;
    const loader = new DataLoader(failing, { batchSize: 2, augment: all, prefetch: 4 });
    const seen: number[] = [];
    expect(() => {
      for (const { labels } of loader) seen.push(...labels.data);
    }).toThrow(new Error("example 7 cannot be read"));
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    for (const { labels } of loader) if (labels.data.includes(5)) break;
    expect(Tensor.memory().tensors).toBe(before + 2);
  });

  test("leaves nothing behind where a loop ends early, and goes on from there exactly", async () => {
    const make = (prefetch: number): DataLoader =>
      new DataLoader(pictures(12), { batchSize: 2, shuffle: true, seed: 2, augment: all, prefetch });
    const [loader, plain] = [make(3), make(0)];
    for (let round = 0; round < 3; round++) {
      const before = Tensor.memory().tensors;
      const states = [loader, plain].map((each) => {
        for (const { inputs, labels } of each) {
          // What a loop that is left keeps is the batch at hand.
          inputs.dispose();
          labels.dispose();
          if (each.state().position === 2) break;
        }
        return each.state();
      });
      expect(Tensor.memory().tensors).toBe(before);
      expect(states[0]).toEqual(states[1]);
      const [resumed, expected] = [make(3), make(0)];
      resumed.restore(states[0]);
      expected.restore(states[1]);
      const rest = numbers(expected);
      expect(rest).toHaveLength(4);
      expect(numbers(resumed)).toEqual(rest);
      await setImmediate();
    }
  });

  test("outlives a scope around each step", () => {
    const loader = new DataLoader(pictures(8), { batchSize: 2, augment: all, seed: 1, prefetch: 2 });
    const walk = loader[Symbol.iterator]();
    let steps = 0;
    while (Tensor.scope(() => {
      const { value, done } = walk.next();
      if (!done) expect((value as Batch).labels.data[0]).toBe(2 * steps);
      return !done;
    })) steps++; // prettier-ignore
    expect(steps).toBe(4);
  });

  test("refuses what it cannot do", () => {
    const own: Transform = (images) => images;
    for (const each of [own, augment.compose(all, own)])
      expect(() => new DataLoader(pictures(2), { augment: each, prefetch: 1 })).toThrow(
        new TypeError(
          "DataLoader: prefetch cannot send a function of your own to another thread; compose the functions of `augment` alone, or leave prefetch out",
        ),
      );
    expect(new DataLoader(pictures(2), { augment: own }).prefetch).toBe(0);
    for (const prefetch of [-1, 1.5, NaN])
      expect(() => new DataLoader(pictures(2), { prefetch })).toThrow(
        new RangeError(`DataLoader: prefetch must be an integer >= 0, got ${prefetch}`),
      );
  });
});
