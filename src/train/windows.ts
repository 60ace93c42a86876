import type { Batch } from "../data/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape } from "../util/shape.ts";

/**
 * A batch of sequences `[n, T, …]` with a label for each step `[n, T, …]`, cut along time into pieces of `window` steps,
 * the last perhaps shorter. A piece lives until the next one is asked for.
 * @throws ShapeError unless every step has a label
 */
export function* windows(batch: Batch, window: number): Generator<Batch, void, undefined> {
  const { inputs, labels, lengths, size } = batch;
  const [count, times] = inputs.shape;
  if (inputs.shape.length < 2 || labels.shape[0] !== count || labels.shape[1] !== times)
    throw new ShapeError(
      `fit: a window needs inputs [n, time, …] and a label for each step, got ${formatShape(inputs.shape)} and ` +
        formatShape(labels.shape),
    );
  if (times <= window) return yield batch;
  for (let start = 0; start < times; start += window) {
    const end = Math.min(start + window, times);
    const piece = {
      inputs: inputs.slice(start, end, 1),
      labels: labels.slice(start, end, 1),
      ...(lengths && { lengths: within(lengths, start, end) }),
      size,
    };
    try {
      yield piece;
    } finally {
      for (const tensor of [piece.inputs, piece.labels, piece.lengths]) tensor?.dispose();
    }
  }
}

/** What each length reaches into the window; 1 where it ended before, since a layer takes one step or more. */
function within(lengths: Tensor, start: number, end: number): Tensor {
  const inside = (length: number): number => Math.min(Math.max(length - start, 1), end - start);
  return Tensor.from(Int32Array.from(lengths.raw.data, inside), lengths.shape);
}
