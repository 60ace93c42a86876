import { type Pair, placesOf, type Window } from "../backend/window.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, type Shape } from "../util/shape.ts";

/** One number for both axes, or [height, width]. */
export type Size2d = number | readonly [number, number];

/** @throws RangeError unless both are integers >= `least` */
export function pairOf(operation: string, name: string, size: Size2d, least: number): Pair {
  const pair: readonly number[] = typeof size === "number" ? [size, size] : size;
  if (pair.length !== 2 || !pair.every((extent) => Number.isInteger(extent) && extent >= least))
    throw new RangeError(
      `${operation}: ${name} must be an integer >= ${least}, or two as [height, width], got ` +
        (typeof size === "number" ? size : formatShape(pair)),
    );
  return [pair[0], pair[1]];
}

/**
 * Images are [batch, height, width, channels], with as many channels as the weights expect, if there are any.
 * @throws ShapeError that says what is missing, and how to add it
 */
export function checkImages(operation: string, images: Shape, channels?: number, weight?: Shape): void {
  if (images.length !== 4)
    throw new ShapeError(
      `${operation}: images must be [batch, height, width, channels], got ${formatShape(images)}` +
        missingAxes(images, channels),
    );
  if (channels === undefined || images[3] === channels) return;
  const first =
    images[1] === channels ? "; with the channels first, .permute([0, 2, 3, 1]) puts them last" : "";
  throw new ShapeError(
    `${operation}: images ${formatShape(images)} do not fit weights ${formatShape(weight!)} ` +
      `(axis 3, the channels: ${images[3]} against ${channels})${first}`,
  );
}

function missingAxes(images: Shape, channels: number | undefined): string {
  const add = (what: string, shape: Shape): string => `; add ${what} with .reshape(${formatShape(shape)})`;
  if (images.length === 2) return add("the missing axes", [1, ...images, 1]);
  if (images.length !== 3) return "";
  // A channel axis that is there says that the batch is missing.
  return images[2] === channels && channels !== 1
    ? add("the missing batch axis", [1, ...images])
    : add("the missing channel axis", [...images, 1]);
}

/** @throws ShapeError if the window is larger than the image with its padding */
export function checkPlaces(operation: string, images: Shape, window: Window): void {
  const places = placesOf([images[1], images[2]], window);
  for (const axis of [0, 1] as const) {
    if (places[axis] >= 1) continue;
    const extent = images[axis + 1];
    const padding = window.padding[axis];
    throw new ShapeError(
      `${operation}: a window of ${window.kernel.join(" by ")} does not fit images ${formatShape(images)} ` +
        `(axis ${axis + 1}: ${window.kernel[axis]} against ${extent}${padding ? ` + 2·${padding}` : ""}); ` +
        `use a smaller window, more padding, or larger images`,
    );
  }
}
