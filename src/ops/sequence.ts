import type { RawArray } from "../backend/backend.ts";
import type { Shape } from "../util/shape.ts";
import { sumTo } from "./sumTo.ts";

/**
 * What the recurrent ops share: the products that serve all time steps at once, over time-major rows [T·B, …], and the
 * padding behind sequences that are shorter than others. Padded steps are computed like all others, from inputs of 0,
 * so that whole batches lose nothing; then they are cleared away, so that nothing comes out of them or goes back.
 */

/** How many steps of each row count; undefined where all do. */
export type Lengths = Int32Array | undefined;

/** [B, T, F] as the rows of all steps, [T·B, F]; what is padding is 0, whatever lay there. */
export function timeMajor(x: RawArray, lengths: Lengths): RawArray {
  const [batch, times, features] = x.shape;
  const shape = [times * batch, features];
  if ((batch === 1 || times === 1) && !lengths) return x.backend.reshape(x, shape);
  const strides = [features, times * features, 1];
  const steps = x.backend.gather(x, { shape: [times, batch, features], strides, offset: 0 });
  if (lengths) fillPaddedSteps(steps, lengths, 0, 0, features);
  return passedOn(steps, shape);
}

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

/** x·W + b of every step, [T, B, gates · H]. */
export function project(
  x: RawArray,
  steps: RawArray,
  weight: RawArray,
  bias: RawArray | undefined,
): RawArray {
  const { backend } = steps;
  const [batch, times] = x.shape;
  const gates = bias ? backend.linear(steps, weight, bias) : backend.matmul(steps, weight, false, false);
  return passedOn(gates, [times, batch, weight.shape[1]]);
}

/** An array made here, under another shape: of its two claims on the memory only the new one is left. */
function passedOn(array: RawArray, shape: Shape): RawArray {
  const same = array.backend.reshape(array, shape);
  array.release("its reshape");
  return same;
}

/** From the gradient of z = x·W + b for all steps, those of x, W and b. */
export function projectionGradients(
  dz: RawArray,
  x: RawArray,
  steps: RawArray,
  weight: RawArray,
  bias: RawArray | undefined,
): { x: () => RawArray; weight: () => RawArray; bias: (() => RawArray) | undefined } {
  const { backend } = dz;
  const [batch, times] = x.shape;
  return {
    x: () => batchMajor(backend.matmul(dz, weight, false, true), batch, times),
    weight: () => backend.matmul(steps, dz, true, false),
    bias: bias && (() => sumTo(dz, bias.shape)),
  };
}

/** A time-major array as one matrix of rows. */
export function rowsOf(array: RawArray): RawArray {
  const [times, batch, width] = array.shape;
  return array.backend.reshape(array, [times * batch, width]);
}

/** Hand what `backward` will need to the tape, or free it where nothing is recorded. */
export function save(name: string, saved: RawArray[] | undefined, arrays: readonly RawArray[]): void {
  if (saved) saved.push(...arrays);
  else for (const array of arrays) array.release(name);
}
