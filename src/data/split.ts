import { defaultGenerator, type Generator, generator } from "../random/index.ts";
import { checkIndices } from "./checkIndices.ts";
import type { Batch, Dataset } from "./dataset.ts";

export interface SplitOptions {
  /** Every part gets the same mixture of classes as the whole. Default false. */
  readonly stratified?: boolean;
  /** The split depends on this seed and on nothing else. */
  readonly seed?: number;
  /** The order is drawn from here. Default: the generator that `random.seed` seeds. */
  readonly generator?: Generator;
}

/**
 * Some of the examples of a data set, in the order of their indices; it shares them and does not copy.
 *
 * @throws RangeError if there is no example at one of the indices
 * @example
 * const threes = new data.Subset(digits, [...digits.classes.keys()].filter((index) => digits.classes[index] === 3));
 */
export class Subset implements Dataset {
  readonly dataset: Dataset;
  readonly indices: Int32Array;

  constructor(dataset: Dataset, indices: ArrayLike<number>) {
    checkIndices("Subset", indices, dataset.length);
    this.dataset = dataset;
    this.indices = Int32Array.from(indices);
  }

  get length(): number {
    return this.indices.length;
  }

  get classes(): Int32Array | undefined {
    const classes = this.dataset.classes;
    return classes && this.indices.map((index) => classes[index]);
  }

  /** @throws RangeError if there is no example at one of the indices */
  batch(indices: ArrayLike<number>): Batch {
    checkIndices("batch", indices, this.length);
    return this.dataset.batch(Int32Array.from(indices, (index) => this.indices[index]));
  }
}

/**
 * Divide a data set at random into parts that share no example and leave none over.
 *
 * Part i holds `fractions[i]` of the examples, to within one. With `stratified` that also holds, to within two,
 * for the examples of each class.
 *
 * @param fractions positive, their sum 1
 * @throws RangeError if a fraction is not positive, their sum is not 1, or a part would be empty
 * @throws TypeError if `stratified` and the examples have no classes
 * @example
 * const [training, validation] = data.split(digits, [0.8, 0.2], { seed: 1, stratified: true });
 */
export function split(dataset: Dataset, fractions: readonly number[], options: SplitOptions = {}): Subset[] {
  const sum = fractions.reduce((total, fraction) => total + fraction, 0);
  if (!fractions.every((fraction) => fraction > 0) || !(Math.abs(sum - 1) < 1e-9)) {
    throw new RangeError(
      `split: fractions must be positive with sum 1, got [${fractions.join(", ")}] with sum ${sum}`,
    );
  }
  const classes = dataset.classes;
  if (options.stratified && !classes) {
    throw new TypeError("split: stratified needs class indices as labels, and this data set has none");
  }
  const source =
    options.generator ?? (options.seed === undefined ? defaultGenerator() : generator(options.seed));
  const order = source.permutation(dataset.length);
  // A stable sort: within a class the order stays random.
  const dealt = options.stratified && classes ? order.toSorted((a, b) => classes[a] - classes[b]) : order;
  const partOf = deal(dealt, fractions);
  const parts = fractions.map((_, part) => order.filter((index) => partOf[index] === part));
  const empty = parts.findIndex(({ length }) => length === 0);
  if (empty >= 0) {
    throw new RangeError(
      `split: part ${empty}, ${fractions[empty]} of ${dataset.length} examples, would be empty; ` +
        `give it a larger fraction, or take more examples`,
    );
  }
  return parts.map((indices) => new Subset(dataset, indices));
}

/** Deal the examples one by one, each to the part that is furthest behind its share. */
function deal(order: Int32Array, fractions: readonly number[]): Int32Array {
  const partOf = new Int32Array(order.length);
  const taken = fractions.map(() => 0);
  order.forEach((index, place) => {
    let neediest = 0;
    let greatest = -Infinity;
    fractions.forEach((fraction, part) => {
      const behind = fraction * (place + 1) - taken[part];
      if (behind > greatest) [neediest, greatest] = [part, behind];
    });
    taken[neediest]++;
    partOf[index] = neediest;
  });
  return partOf;
}
