import type { RawArray } from "../backend/backend.ts";
import type { Shape } from "../util/shape.ts";

/**
 * What the recurrent ops share: the products that serve all time steps at once, over time-major rows [T·B, …], and the
 * padding behind sequences that are shorter than others. Padded steps are computed like all others, from inputs of 0,
 * so that whole batches lose nothing; then they are cleared away, so that nothing comes out of them or goes back.
 */

/** How many steps of each row count; undefined where all do. */
export type Lengths = Int32Array | undefined;

/** In the padded steps of a time-major array [T, B, width]: `count` elements from `first` on become `value`. */
export function fillPaddedSteps(
  array: RawArray,
  lengths: Int32Array,
  value: number,
  first: number,
  count: number,
): void {
  const [times, batch, width] = array.shape;
  const { data } = array;
  for (let t = 0; t < times; t++)
    for (let row = 0; row < batch; row++) {
      if (t < lengths[row]) continue;
      const start = (t * batch + row) * width + first;
      data.fill(value, start, start + count);
    }
}

/** The padding of a batch-major array [B, T, width] becomes 0. */
export function clearPadding(array: RawArray, lengths: Lengths): void {
  if (!lengths) return;
  const [batch, times, width] = array.shape;
  const { data } = array;
  for (let row = 0; row < batch; row++)
    data.fill(0, (row * times + lengths[row]) * width, (row + 1) * times * width);
}

/** The output's gradient where the output was computed, and 0 where it is padding. */
export function withinLengths<T>(gradient: RawArray, lengths: Lengths, work: (gradient: RawArray) => T): T {
  if (!lengths) return work(gradient);
  const within = gradient.backend.empty(gradient.shape, gradient.dtype);
  within.data.set(gradient.data);
  clearPadding(within, lengths);
  const result = work(within);
  within.release("the gradient of a recurrent op");
  return result;
}

/** The rows of all steps back as [B, T, F]. */
function batchMajor(rows: RawArray, batch: number, times: number): RawArray {
  const features = rows.shape[1];
  if (batch === 1 || times === 1) return rows.backend.reshape(rows, [batch, times, features]);
  const strides = [features, batch * features, 1];
  return rows.backend.gather(rows, { shape: [batch, times, features], strides, offset: 0 });
}

/**
 * What the gates of all steps are a product of, as rows [T, B, F + H + 1]: x, the h before the step, of which the first is
 * given and the run fills in the others, and 1 where there is a bias. The gradients of W, U and b are then one product.
 */
export function gateRows(
  x: RawArray,
  hidden: RawArray,
  bias: RawArray | undefined,
  lengths: Lengths,
): RawArray {
  const { backend } = x;
  const [batch, times, features] = x.shape;
  const size = hidden.shape[1];
  const width = features + size + (bias ? 1 : 0);
  const rows = backend.empty([times, batch, width], x.dtype);
  backend.write(x, { shape: x.shape, strides: [width, batch * width, 1], offset: 0 }, rows);
  if (lengths) fillPaddedSteps(rows, lengths, 0, 0, features);
  backend.write(hidden, { shape: hidden.shape, strides: [width, 1], offset: features }, rows);
  if (bias) {
    const { data } = rows;
    for (let end = width - 1; end < data.length; end += width) data[end] = 1;
  }
  return rows;
}

/** From the gradient of z = [x, h, 1]·[W; U; b] for all steps, those of x, W, U and b. */
export function gateGradients(
  dz: RawArray,
  x: RawArray,
  rows: RawArray,
  inputWeight: RawArray,
  hiddenWeight: RawArray,
): { x: () => RawArray; inputWeight: () => RawArray; hiddenWeight: () => RawArray; bias: () => RawArray } {
  const { backend } = dz;
  const [batch, times, features] = x.shape;
  const [size, columns] = hiddenWeight.shape;
  let all: RawArray | undefined;
  const part = (first: number, shape: Shape): RawArray => {
    all ??= backend.matmul(rowsOf(rows), dz, true, false);
    const strides = shape.length === 2 ? [columns, 1] : [1];
    return backend.gather(all, { shape, strides, offset: first * columns });
  };
  return {
    x: () => batchMajor(backend.matmul(dz, inputWeight, false, true), batch, times),
    inputWeight: () => part(0, inputWeight.shape),
    hiddenWeight: () => part(features, hiddenWeight.shape),
    bias: () => part(features + size, [columns]),
  };
}

/** x·W + b of every step, [T, B, gates · H]. */
export function project(rows: RawArray, weight: RawArray, bias: RawArray | undefined): RawArray {
  const [times, batch] = rows.shape;
  const matrix = rowsOf(rows);
  const gates = rows.backend.linear(matrix, weight, bias);
  matrix.release("its product");
  return passedOn(gates, [times, batch, weight.shape[1]]);
}

/** An array made here, under another shape: of its two claims on the memory only the new one is left. */
function passedOn(array: RawArray, shape: Shape): RawArray {
  const same = array.backend.reshape(array, shape);
  array.release("its reshape");
  return same;
}

/** A time-major array as one matrix of rows. */
export function rowsOf(array: RawArray): RawArray {
  const [times, batch, width] = array.shape;
  return array.backend.reshape(array, [times * batch, width]);
}
