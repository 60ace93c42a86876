import type { Transform } from "../data/augment/images.ts";
import type { Dataset } from "../data/index.ts";
import { defaultGenerator, generator } from "../random/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Figure } from "./figure.ts";
import { imageGrid } from "./imageGrid.ts";
import { isDataset, type Pictures, picturesOf, rangeOf, tilesOf } from "./pictures.ts";

export interface ImagesOptions {
  /** At most so many. Default 24; with `augment` 6. */
  readonly count?: number;
  /** Images in a row. */
  readonly columns?: number;
  /** What stands above each. Default: the classes of a data set. */
  readonly captions?: readonly string[];
  /** Shows each image before and after it: one of `augment`, twice with other random numbers. */
  readonly augment?: Transform;
  /** Fixes the random numbers of `augment`. Default: they go on from the session's, which are not moved. */
  readonly seed?: number;
  /** What black and white stand for. Default: bytes 0 to 255, floats 0 to 1, or the least to the greatest if beyond. */
  readonly range?: readonly [low: number, high: number];
  readonly title?: string;
}

/** How many changed versions stand behind an image. */
const versions = 3;

/**
 * Images in rows, under their classes; with `augment` one row an image: itself, then three versions of it.
 *
 * @param images a tensor `[N, H, W, C]` or `[N, H, W]`, `{ data, shape }`, or a data set of images; C is 1 or 3
 * @throws ShapeError if they are not images, TypeError if they are something else
 * @throws RangeError unless count is an integer >= 1
 * @example
 * const digits = await data.load("digits");
 * plot.images(digits, { count: 30 });
 * plot.images(digits, { augment: augment.rotate({ degrees: [-15, 15] }) });
 */
export function images(
  images: Tensor | Pictures | (Dataset & { readonly classNames?: readonly string[] | undefined }),
  options: ImagesOptions = {},
): Figure {
  const { augment, count = augment ? 6 : 24, columns } = options;
  if (!(Number.isInteger(count) && count >= 1))
    throw new RangeError(`plot.images: count must be an integer >= 1, got ${count}`);
  const before = picturesOf("images", images, count);
  const captions = options.captions ?? classesOf(images);
  const { title = augment ? "Before and after augmentation" : "Images" } = options;
  const text = `${title}: ${before.shape[0]} of ${before.shape[1]}×${before.shape[2]}`;
  if (!augment) {
    const tiles = tilesOf(before, options.range ?? rangeOf(before));
    return imageGrid(
      tiles.map((tile, index) =>
        captions?.[index] === undefined ? tile : { ...tile, caption: captions[index] },
      ),
      { title, columns, text },
    );
  }
  const random = generator(options.seed ?? 0);
  if (options.seed === undefined) random.restore(defaultGenerator().state());
  const copy = (): Pictures => ({ data: Float32Array.from(before.data), shape: before.shape });
  const after = Array.from({ length: versions }, () => augment(copy() as Parameters<Transform>[0], random));
  // One scale for all, so that a change of brightness shows.
  const range = options.range ?? rangeOf(before);
  const sets = [tilesOf(before, range), ...after.map((pictures) => tilesOf(pictures, range))];
  const tiles = sets[0].flatMap((tile, index) => [
    { ...tile, caption: captions?.[index] ?? "before" },
    ...sets.slice(1).map((set) => ({ ...set[index], caption: "after" })),
  ]);
  const pairsInRow = before.shape[0] > 3 ? 2 : 1;
  return imageGrid(tiles, { title, columns: columns ?? pairsInRow * (1 + versions), text });
}

function classesOf(images: unknown): string[] | undefined {
  if (!isDataset(images) || !images.classes) return undefined;
  const { classNames } = images as { classNames?: readonly string[] };
  return Array.from(images.classes, (one) => classNames?.[one] ?? String(one));
}
