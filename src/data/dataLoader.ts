import { defaultGenerator, type Generator, generator } from "../random/index.ts";
import type { Batch, Dataset } from "./dataset.ts";

export interface DataLoaderOptions {
  /**
   * Examples a batch: `"all"` is batch gradient descent, 1 the stochastic method, between them mini-batches.
   * Default 32.
   */
  readonly batchSize?: number | "all";
  /** A new random order each epoch. Default false: the order of the data set. */
  readonly shuffle?: boolean;
  /** Leave out a last batch smaller than the others. Default false. */
  readonly dropLast?: boolean;
  /** Orders come from a generator of their own with this seed: they depend on nothing else. */
  readonly seed?: number;
  /** Orders are drawn from here. Default: the generator that `random.seed` seeds. */
  readonly generator?: Generator;
}

/**
 * Walks a data set in batches; each `for` loop over it is one epoch, in a new order if it shuffles.
 *
 * A batch lives until the loop asks for the next one, which frees it (a synchronous loop leaves the garbage
 * collector no chance to); to keep its numbers, copy them: `batch.inputs.data`.
 *
 * @throws RangeError if batchSize is neither "all" nor an integer >= 1
 * @example
 * const loader = new data.DataLoader(digits, { batchSize: 64, shuffle: true, seed: 1 });
 * for (const { inputs, labels } of loader) {
 *   optimizer.minimize(() => losses.crossEntropy(model.forward(inputs), labels));
 * }
 */
export class DataLoader implements Iterable<Batch> {
  readonly dataset: Dataset;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  readonly #generator: Generator;

  constructor(dataset: Dataset, options: DataLoaderOptions = {}) {
    const batchSize = options.batchSize ?? 32;
    if (batchSize !== "all" && !(Number.isInteger(batchSize) && batchSize >= 1)) {
      throw new RangeError(`DataLoader: batchSize must be "all" or an integer >= 1, got ${batchSize}`);
    }
    this.dataset = dataset;
    this.batchSize = batchSize === "all" ? Math.max(1, dataset.length) : batchSize;
    this.shuffle = options.shuffle ?? false;
    this.dropLast = options.dropLast ?? false;
    this.#generator =
      options.generator ?? (options.seed === undefined ? defaultGenerator() : generator(options.seed));
  }

  /** Batches in an epoch. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): IterableIterator<Batch> {
    const order = this.shuffle
      ? this.#generator.permutation(this.dataset.length)
      : Int32Array.from({ length: this.dataset.length }, (_, index) => index);
    for (let batch = 0; batch < this.length; batch++) {
      const start = batch * this.batchSize;
      const current = this.dataset.batch(order.subarray(start, start + this.batchSize));
      yield current;
      current.inputs.dispose();
      current.labels.dispose();
    }
  }
}
