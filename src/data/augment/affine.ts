import { blankPixels, type Extent, type Images, type Pixels } from "./images.ts";
import { checkColour, placeOf, type Sampling } from "./sampling.ts";

/**
 * Where pixel (x, y) of the result is read: at (a·x + b·y + c, d·x + e·y + f) of the original. x counts columns to
 * the right, y rows downwards; the centre of a pixel lies at whole numbers.
 */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The part of an image that is read, as if there were no more of it. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Each image of a batch seen through its own affine map; null copies it as it is. */
export function resample(
  operation: string,
  images: Images,
  extent: Extent,
  result: Size,
  sampling: Sampling,
  mapOf: (image: number) => { readonly map: Affine; readonly window?: Window } | null,
): Images {
  checkColour(operation, sampling, images.data);
  const { count, height, width, channels } = extent;
  const size = result.height * result.width * channels;
  const data = blankPixels(images.data, count * size);
  const whole: Window = { left: 0, top: 0, width, height };
  for (let image = 0; image < count; image++) {
    const seen = mapOf(image);
    const from = images.data.subarray(
      image * height * width * channels,
      (image + 1) * height * width * channels,
    );
    const to = data.subarray(image * size, (image + 1) * size);
    if (!seen) to.set(from);
    else {
      const read = sampling.interpolation === "nearest" ? nearest : bilinear;
      read(from, width, channels, seen.window ?? whole, to, result, seen.map, sampling);
    }
  }
  return { data, shape: [count, result.height, result.width, channels] };
}

/** The map that turns and scales about the centres of both images: the inverse of what is seen to happen. */
export function aboutCentre([a, b, d, e]: readonly number[], original: Size, result: Size): Affine {
  const x = (result.width - 1) / 2;
  const y = (result.height - 1) / 2;
  return [a, b, (original.width - 1) / 2 - a * x - b * y, d, e, (original.height - 1) / 2 - d * x - e * y];
}

type Read = (
  from: Pixels,
  width: number,
  channels: number,
  window: Window,
  to: Pixels,
  result: Size,
  map: Affine,
  sampling: Sampling,
) => void;

const nearest: Read = (from, width, channels, window, to, result, [a, b, c, d, e, f], { fill, value }) => {
  let pixel = 0;
  for (let y = 0; y < result.height; y++) {
    for (let x = 0; x < result.width; x++, pixel += channels) {
      let column = Math.floor(a * x + b * y + c + 0.5);
      let row = Math.floor(d * x + e * y + f + 0.5);
      if (!(column >= 0 && column < window.width)) column = placeOf(column, window.width, fill);
      if (!(row >= 0 && row < window.height)) row = placeOf(row, window.height, fill);
      const inside = column >= 0 && row >= 0;
      const source = ((row + window.top) * width + column + window.left) * channels;
      for (let channel = 0; channel < channels; channel++) {
        to[pixel + channel] = inside ? from[source + channel] : value;
      }
    }
  }
};

/** From one neighbour to the other; one of weight 0 is not looked at, so that whole steps copy exactly, even NaN. */
const between = (one: number, other: number, weight: number): number =>
  weight === 0 ? one : one + weight * (other - one);

/** Between its four neighbours, weighted by nearness: first along x, then along y. */
const bilinear: Read = (from, width, channels, window, to, result, [a, b, c, d, e, f], { fill, value }) => {
  // Storing in bytes cuts off what follows the point.
  const rounding = to instanceof Uint8Array ? 0.5 : 0;
  let pixel = 0;
  for (let y = 0; y < result.height; y++) {
    for (let x = 0; x < result.width; x++, pixel += channels) {
      const exactX = a * x + b * y + c;
      const exactY = d * x + e * y + f;
      let left = Math.floor(exactX);
      let top = Math.floor(exactY);
      const weightX = exactX - left;
      const weightY = exactY - top;
      let right = left + 1;
      let bottom = top + 1;
      if (!(left >= 0 && right < window.width)) {
        left = placeOf(left, window.width, fill);
        right = placeOf(right, window.width, fill);
      }
      if (!(top >= 0 && bottom < window.height)) {
        top = placeOf(top, window.height, fill);
        bottom = placeOf(bottom, window.height, fill);
      }
      const upperRow = (top + window.top) * width + window.left;
      const lowerRow = (bottom + window.top) * width + window.left;
      const topLeft = top < 0 || left < 0 ? -1 : (upperRow + left) * channels;
      const topRight = top < 0 || right < 0 ? -1 : (upperRow + right) * channels;
      const bottomLeft = bottom < 0 || left < 0 ? -1 : (lowerRow + left) * channels;
      const bottomRight = bottom < 0 || right < 0 ? -1 : (lowerRow + right) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const upper = between(
          topLeft < 0 ? value : from[topLeft + channel],
          topRight < 0 ? value : from[topRight + channel],
          weightX,
        );
        const lower = between(
          bottomLeft < 0 ? value : from[bottomLeft + channel],
          bottomRight < 0 ? value : from[bottomRight + channel],
          weightX,
        );
        to[pixel + channel] = between(upper, lower, weightY) + rounding;
      }
    }
  }
};
