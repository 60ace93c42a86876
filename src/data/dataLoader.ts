import { defaultGenerator, type Generator, generator, type GeneratorState } from "../random/index.ts";
import { kindOf } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Pixels, type Recipe, recipeOf, type Transform } from "./augment/images.ts";
import { type BatchAhead, batchAhead } from "./batchAhead.ts";
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
  /** Applied to the inputs of each batch, which must be images `[N, H, W, C]`: one of `augment`. */
  readonly augment?: Transform;
  /**
   * Batches to augment ahead of their turn, in threads of their own, while the model trains on the one at hand: the
   * same batches, sooner. Default 0. 2 is enough; without `augment` there is nothing to gain. The data set's `batch`
   * is then called early, so it must answer the same whenever it is asked.
   */
  readonly prefetch?: number;
  /** Orders and augmentations come from a generator of their own with this seed: they depend on nothing else. */
  readonly seed?: number;
  /** Orders and augmentations are drawn from here. Default: the generator that `random.seed` seeds. */
  readonly generator?: Generator;
}

/** Where a loader stands: plain data that survives JSON. */
export interface DataLoaderState {
  /** Epochs walked to their end. */
  readonly epoch: number;
  /** Batches given out of the epoch under way, whose draws began at `epochStart`; 0 and null between epochs. */
  readonly position: number;
  readonly epochStart: GeneratorState | null;
  /** The generator now; null for the session's, which others draw from too: save `defaultGenerator().state()`. */
  readonly generator: GeneratorState | null;
  /** What it was taken of, so that it is not restored to another. */
  readonly of: { readonly examples: number; readonly batchSize: number; readonly shuffle: boolean };
}

/** An epoch that has begun: the order of its examples, and what its augmentations are seeded from. */
interface Epoch {
  readonly start: GeneratorState;
  readonly order: Int32Array;
  readonly seed: number;
}

/**
 * Walks a data set in batches; each `for` loop over it is one epoch, in a new order if it shuffles.
 *
 * A batch lives until the loop asks for the next one, which frees it (a synchronous loop leaves the garbage
 * collector no chance to); to keep its numbers, copy them: `batch.inputs.data`.
 *
 * `state` taken in the body of a loop and `restore` go on with the batch after it, bit for bit.
 *
 * @throws RangeError if batchSize is neither "all" nor an integer >= 1, or prefetch no integer >= 0
 * @throws TypeError if prefetch is to run a function of your own, which cannot be sent to another thread
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
  readonly augment: Transform | undefined;
  readonly prefetch: number;
  readonly #recipe: Recipe | undefined;
  readonly #generator: Generator;
  #epoch = 0;
  #position = 0;
  #current: Epoch | null = null;
  /** The next loop goes on with #current instead of beginning an epoch. */
  #resumes = false;

  constructor(dataset: Dataset, options: DataLoaderOptions = {}) {
    const batchSize = options.batchSize ?? 32;
    if (batchSize !== "all" && !(Number.isInteger(batchSize) && batchSize >= 1)) {
      throw new RangeError(`DataLoader: batchSize must be "all" or an integer >= 1, got ${batchSize}`);
    }
    if (typeof (dataset as Partial<Dataset> | undefined)?.batch !== "function") {
      throw new TypeError(
        `DataLoader: it takes a data set, got ${kindOf(dataset)}; make one with new data.TensorDataset(inputs, labels)`,
      );
    }
    const { augment, prefetch = 0 } = options;
    if (augment !== undefined && typeof augment !== "function") {
      throw new TypeError(
        `DataLoader: augment must be one function, got ${kindOf(augment)}; join several with augment.compose(…)`,
      );
    }
    if (!(Number.isInteger(prefetch) && prefetch >= 0)) {
      throw new RangeError(`DataLoader: prefetch must be an integer >= 0, got ${prefetch}`);
    }
    this.#recipe = augment && recipeOf(augment);
    if (prefetch > 0 && augment && !this.#recipe) {
      throw new TypeError(
        "DataLoader: prefetch cannot send a function of your own to another thread; " +
          "compose the functions of `augment` alone, or leave prefetch out",
      );
    }
    this.dataset = dataset;
    this.batchSize = batchSize === "all" ? Math.max(1, dataset.length) : batchSize;
    this.shuffle = options.shuffle ?? false;
    this.dropLast = options.dropLast ?? false;
    this.augment = augment;
    this.prefetch = prefetch;
    this.#generator =
      options.generator ?? (options.seed === undefined ? defaultGenerator() : generator(options.seed));
  }

  /** Batches in an epoch. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): IterableIterator<Batch> {
    if (!this.#resumes || !this.#current) {
      this.#current = this.#begin(this.#generator);
      this.#position = 0;
    }
    this.#resumes = false;
    const epoch = this.#current;
    const ahead: BatchAhead[] = [];
    const most = this.#recipe ? this.prefetch : 0;
    try {
      for (let place = this.#position; place < this.length; place++) {
        const begun = ahead.shift();
        // Before waiting for this one, so that the helpers never do.
        while (ahead.length < most && place + 1 + ahead.length < this.length)
          ahead.push(this.#beginBatch(epoch, place + 1 + ahead.length));
        const current = begun ? begun.finish() : this.#batch(epoch, place);
        this.#position = place + 1;
        yield current;
        current.inputs.dispose();
        current.labels.dispose();
        current.lengths?.dispose();
      }
    } finally {
      for (const begun of ahead) begun.cancel();
    }
    this.#epoch++;
    this.#position = 0;
    this.#current = null;
  }

  /** Where it stands. In the body of a loop: after the batch at hand; at the last one, before the next epoch. */
  state(): DataLoaderState {
    const ended = this.#current !== null && this.#position === this.length;
    return {
      epoch: this.#epoch + (ended ? 1 : 0),
      position: ended ? 0 : this.#position,
      epochStart: ended ? null : (this.#current?.start ?? null),
      generator: this.#ownsGenerator ? this.#generator.state() : null,
      of: { examples: this.dataset.length, batchSize: this.batchSize, shuffle: this.shuffle },
    };
  }

  /**
   * Go on from a saved state: the next loop gives the batches that were left of that epoch, the ones after it the
   * epochs that followed.
   * @throws RangeError if the state is of a loader with other examples, batches or order
   */
  restore(state: DataLoaderState): void {
    const { of } = this.state();
    for (const key of ["examples", "batchSize", "shuffle"] as const) {
      if (state.of[key] !== of[key]) {
        throw new RangeError(
          `DataLoader.restore: the state was saved with ${key} ${state.of[key]}, and this loader has ${of[key]}`,
        );
      }
    }
    if (!(
      Number.isInteger(state.position) &&
      state.position >= 0 &&
      state.position < Math.max(1, this.length)
    )) {
      throw new RangeError(
        `DataLoader.restore: position must be an integer from 0 to ${this.length - 1}, got ${state.position}`,
      );
    }
    let current: Epoch | null = null;
    if (state.epochStart) {
      const past = generator(0);
      past.restore(state.epochStart);
      current = this.#begin(past);
    }
    if (state.generator && this.#ownsGenerator) this.#generator.restore(state.generator);
    this.#epoch = state.epoch;
    this.#position = state.position;
    this.#current = current;
    this.#resumes = current !== null;
  }

  get #ownsGenerator(): boolean {
    return this.#generator !== defaultGenerator();
  }

  /** All that an epoch draws from the generator, at its beginning: nothing that others draw comes between. */
  #begin(source: Generator): Epoch {
    const start = source.state();
    const order = this.shuffle
      ? source.permutation(this.dataset.length)
      : Int32Array.from({ length: this.dataset.length }, (_, index) => index);
    return { start, order, seed: this.augment ? source.bits() : 0 };
  }

  #batch(epoch: Epoch, place: number): Batch {
    const batch = this.#examples(epoch, place);
    if (!this.augment) return batch;
    const { inputs } = batch;
    try {
      const own = generator(seedOf(epoch, place));
      const augmented = this.augment({ data: inputs.data as Pixels, shape: inputs.shape }, own);
      if (!ArrayBuffer.isView(augmented?.data))
        throw new TypeError(
          `DataLoader: augment gave ${kindOf(augmented)} instead of images { data, shape }; ` +
            `those of \`augment\` are called first, as in augment.flip()`,
        );
      return { ...batch, inputs: Tensor.from(augmented.data, augmented.shape) };
    } catch (error) {
      batch.labels.dispose();
      batch.lengths?.dispose();
      throw error;
    } finally {
      inputs.dispose();
    }
  }

  /** An error waits for the batch's turn, when it arises once more. */
  #beginBatch(epoch: Epoch, place: number): BatchAhead {
    try {
      const examples = this.#examples(epoch, place);
      return batchAhead(examples, this.augment!, this.#recipe!, seedOf(epoch, place), this.prefetch);
    } catch {
      return { finish: () => this.#batch(epoch, place), cancel: () => undefined };
    }
  }

  #examples({ order }: Epoch, place: number): Batch {
    const start = place * this.batchSize;
    return this.dataset.batch(order.subarray(start, start + this.batchSize));
  }
}

/** A generator for each batch: any batch can be made without those before it. */
const seedOf = ({ seed }: Epoch, place: number): number => (seed + place) >>> 0;
