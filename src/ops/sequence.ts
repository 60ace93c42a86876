import type { RawArray } from "../backend/backend.ts";
import type { Shape } from "../util/shape.ts";
import { sumTo } from "./sumTo.ts";

/** What the recurrent ops share: the products that serve all time steps at once, over time-major rows [T·B, …]. */

/** [B, T, F] as the rows of all steps, [T·B, F]. */
export function timeMajor(x: RawArray): RawArray {
  const [batch, times, features] = x.shape;
  const shape = [times * batch, features];
  if (batch === 1 || times === 1) return x.backend.reshape(x, shape);
  const strides = [features, times * features, 1];
  return passedOn(x.backend.gather(x, { shape: [times, batch, features], strides, offset: 0 }), shape);
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
