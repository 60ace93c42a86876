import { kindOf } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sizeOf } from "../util/shape.ts";
import { checkIndices } from "./checkIndices.ts";
import type { Batch, Dataset } from "./dataset.ts";

/** Places in a batch, and the examples of one data set that stand there. */
interface Share {
  readonly dataset: Dataset;
  readonly places: number[];
  readonly indices: number[];
}

/**
 * Data sets one behind the other, as one that shares their examples and does not copy them: real images and those that a
 * generator made, or the folds that a cross-validation trains on.
 *
 * `classes` are theirs, where all have some.
 *
 * @throws TypeError unless it is given data sets in a list, whose examples have one length each, RangeError if it is empty
 * @throws ShapeError if examples of one differ from those of another in shape or type
 * @example
 * const made = new data.TensorDataset(images, new Array(100).fill(3));
 * const loader = new data.DataLoader(new data.ConcatDataset([digits, made]), { batchSize: 32, shuffle: true });
 */
export class ConcatDataset implements Dataset {
  readonly datasets: readonly Dataset[];
  /** Where each begins; behind them, how many examples there are. */
  readonly #starts: readonly number[];

  constructor(datasets: readonly Dataset[]) {
    if (!Array.isArray(datasets))
      throw new TypeError(
        `ConcatDataset: it takes a list of data sets, got ${kindOf(datasets)}; write new data.ConcatDataset([a, b])`,
      );
    if (datasets.length === 0) throw new RangeError("ConcatDataset: the list of data sets is empty");
    const starts = [0];
    for (const [place, dataset] of (datasets as readonly Dataset[]).entries()) {
      if (typeof (dataset as Partial<Dataset> | undefined)?.batch !== "function")
        throw new TypeError(`ConcatDataset: number ${place} must be a data set, got ${kindOf(dataset)}`);
      starts.push(starts[place] + dataset.length);
    }
    checkAlike(datasets);
    this.datasets = datasets;
    this.#starts = starts;
  }

  get length(): number {
    return this.#starts[this.datasets.length];
  }

  get classes(): Int32Array | undefined {
    const joined = new Int32Array(this.length);
    for (const [place, { classes }] of this.datasets.entries()) {
      if (!classes) return undefined;
      joined.set(classes, this.#starts[place]);
    }
    return joined;
  }

  /** @throws RangeError if there is no example at one of the indices */
  batch(indices: ArrayLike<number>): Batch {
    checkIndices("batch", indices, this.length);
    const shares = this.#shares(indices);
    const parts: Batch[] = [];
    const size = indices.length;
    try {
      for (const { dataset, indices: own } of shares) parts.push(dataset.batch(own));
      return {
        inputs: join(shares, parts, "inputs", size),
        labels: join(shares, parts, "labels", size),
        size,
      };
    } finally {
      parts.forEach(dispose);
    }
  }

  #shares(indices: ArrayLike<number>): readonly Share[] {
    const shares = this.datasets.map((dataset): Share => ({ dataset, places: [], indices: [] }));
    for (let place = 0; place < indices.length; place++) {
      const index = indices[place];
      const owner = this.#starts.findLastIndex((start) => start <= index);
      shares[owner].places.push(place);
      shares[owner].indices.push(index - this.#starts[owner]);
    }
    const asked = shares.filter(({ places }) => places.length > 0);
    return asked.length > 0 ? asked : shares.slice(0, 1);
  }
}

/** One row an example, each at its place. */
function join(
  shares: readonly Share[],
  parts: readonly Batch[],
  name: "inputs" | "labels",
  size: number,
): Tensor {
  const { shape, raw } = parts[0][name];
  const row = shape.slice(1);
  const width = sizeOf(row);
  const values = new (raw.data.constructor as new (length: number) => typeof raw.data)(size * width);
  parts.forEach((part, index) => {
    const { data } = part[name].raw;
    shares[index].places.forEach((place, from) =>
      values.set(data.subarray(from * width, (from + 1) * width), place * width),
    );
  });
  return Tensor.from(values, [size, ...row]);
}

/** Their first examples tell, before a training finds out in its midst. */
function checkAlike(datasets: readonly Dataset[]): void {
  let before: { readonly place: number; readonly kinds: Record<"inputs" | "labels", string> } | undefined;
  for (const [place, dataset] of datasets.entries()) {
    if (dataset.length === 0) continue;
    const first = dataset.batch([0]);
    const { inputs, labels, lengths } = first;
    const kinds = { inputs: kindOfRows(inputs), labels: kindOfRows(labels) };
    dispose(first);
    if (lengths)
      throw new TypeError(
        `ConcatDataset: the sequences of number ${place} have several lengths; make one data set of all texts`,
      );
    before ??= { place, kinds };
    for (const name of ["inputs", "labels"] as const)
      if (kinds[name] !== before.kinds[name])
        throw new ShapeError(
          `ConcatDataset: number ${before.place} has ${name} ${before.kinds[name]}, and number ${place} has ${kinds[name]}`,
        );
  }
}

const kindOfRows = ({ shape, dtype }: Tensor): string => `${formatShape(shape.slice(1))} of ${dtype}`;

function dispose({ inputs, labels, lengths }: Batch): void {
  for (const part of [inputs, labels, lengths]) part?.dispose();
}
