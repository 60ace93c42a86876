import type { Dataset } from "../data/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, type Shape } from "../util/shape.ts";
import { kindOf } from "./histories.ts";
import type { Tile } from "./imageGrid.ts";
import { colorAt } from "./palette.ts";

/** Images `[N, H, W, C]` or `[N, H, W]`, bytes or floats. */
export interface Pictures {
  readonly data: ArrayLike<number>;
  readonly shape: Shape;
}

/** The first `count` images of a tensor, of plain data, or of a data set's inputs. */
export function picturesOf(
  operation: string,
  images: unknown,
  indices: readonly number[] | number,
): Pictures {
  if (isDataset(images)) {
    const chosen =
      typeof indices === "number"
        ? Array.from({ length: Math.min(indices, images.length) }, (_, index) => index)
        : indices;
    const { inputs, labels } = images.batch(chosen);
    labels.dispose();
    const { data, shape } = inputs;
    inputs.dispose();
    return checked(operation, { data, shape });
  }
  const given = images as Partial<Pictures> | null | undefined;
  if (!(given instanceof Tensor) && !(given?.data && Array.isArray(given.shape)))
    throw new TypeError(
      `plot.${operation}: give images as a tensor [N, H, W, C], as { data, shape }, or a data set of them, got ${kindOf(images)}`,
    );
  const whole = checked(operation, { data: given.data!, shape: given.shape! });
  if (typeof indices !== "number") return whole;
  const size = whole.shape.slice(1).reduce((product, each) => product * each, 1);
  const count = Math.min(indices, whole.shape[0]);
  return {
    data: Array.prototype.slice.call(whole.data, 0, count * size),
    shape: [count, ...whole.shape.slice(1)],
  };
}

export const isDataset = (value: unknown): value is Dataset =>
  typeof (value as Partial<Dataset> | null | undefined)?.batch === "function";

function checked(operation: string, { data, shape }: Pictures): Pictures {
  const full = shape.length === 3 ? [...shape, 1] : shape;
  if (full.length !== 4 || ![1, 3].includes(full[3]))
    throw new ShapeError(
      `plot.${operation}: images are [N, H, W], or [N, H, W, C] of 1 or 3 channels, got ${formatShape(shape)}` +
        (full.length === 4 && [1, 3].includes(full[1])
          ? "; images in PyTorch's order come over with .permute([0, 2, 3, 1])"
          : ""),
    );
  if (full[0] === 0) throw new ShapeError(`plot.${operation}: there is no image in ${formatShape(shape)}`);
  return { data, shape: full };
}

/**
 * What black and white stand for: bytes 0 and 255; of floats 0 and 1 where all lie between, else the least and the
 * greatest of all images.
 */
export function rangeOf(...pictures: Pictures[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { data } of pictures)
    for (let index = 0; index < data.length; index++) {
      if (!Number.isFinite(data[index])) continue;
      low = Math.min(low, data[index]);
      high = Math.max(high, data[index]);
    }
  if (pictures.every(({ data }) => data instanceof Uint8Array)) return [0, 255];
  return low >= 0 && high <= 1 ? [0, 1] : [low, high];
}

/** Each image in its own colours, grey where it has one channel. What is not finite shows as magenta. */
export function tilesOf({ data, shape }: Pictures, [low, high]: readonly [number, number]): Tile[] {
  const [count, height, width, channels] = shape;
  const span = high - low || 1;
  return Array.from({ length: count }, (_, image) => {
    const pixels = new Uint8Array(3 * width * height);
    for (let pixel = 0; pixel < width * height; pixel++) {
      const at = (image * width * height + pixel) * channels;
      for (let channel = 0; channel < 3; channel++) {
        const value = data[at + (channels === 3 ? channel : 0)];
        const shade = Number.isFinite(value) ? (255 * (value - low)) / span : channel === 1 ? 0 : 255;
        pixels[3 * pixel + channel] = Math.round(Math.min(255, Math.max(0, shade)));
      }
    }
    return { width, height, data: pixels };
  });
}

/** One plane of numbers in the colours of a scale. */
export function planeTile(
  value: (row: number, column: number) => number,
  size: { height: number; width: number },
  scale: { colors: [number, string][]; low: number; high: number },
): Tile {
  const { height, width } = size;
  const { colors, low, high } = scale;
  const pixels = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const place = (value(row, column) - low) / (high - low || 1);
      const color = Number.isFinite(place) ? colorAt(colors, Math.min(1, Math.max(0, place))) : [255, 0, 255];
      pixels.set(color, 3 * (row * width + column));
    }
  return { width, height, data: pixels };
}
