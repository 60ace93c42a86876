import type { Pixels } from "./images.ts";

/**
 * What lies beyond the border of an image a b c d:
 *
 * - `"constant"`: `value` everywhere
 * - `"edge"`: a a a | a b c d | d d d
 * - `"reflect"`: d c b | a b c d | c b a, mirrored at the border pixel
 * - `"symmetric"`: c b a | a b c d | d c b, mirrored at the border, which doubles the border pixel
 * - `"wrap"`: b c d | a b c d | a b c
 */
export type Fill = "constant" | "edge" | "reflect" | "symmetric" | "wrap";

/** How a pixel between pixels is read. */
export type Interpolation = "bilinear" | "nearest";

export interface SamplingOptions {
  /** Default `"constant"`. */
  readonly fill?: Fill;
  /** The colour of `"constant"`, in the units of the images. Default 0. */
  readonly value?: number;
  /** Default `"bilinear"`. */
  readonly interpolation?: Interpolation;
}

export type Sampling = Required<SamplingOptions>;

const fills: readonly Fill[] = ["constant", "edge", "reflect", "symmetric", "wrap"];
const interpolations: readonly Interpolation[] = ["bilinear", "nearest"];

/** @throws RangeError for a fill or an interpolation that does not exist, or a colour that is no finite number */
export function checkedSampling(operation: string, options: SamplingOptions): Sampling {
  const { fill = "constant", value = 0, interpolation = "bilinear" } = options;
  if (!fills.includes(fill)) {
    throw new RangeError(`${operation}: fill must be one of ${fills.join(", ")}, got "${fill}"`);
  }
  if (!interpolations.includes(interpolation)) {
    throw new RangeError(
      `${operation}: interpolation must be one of ${interpolations.join(", ")}, got "${interpolation}"`,
    );
  }
  if (!Number.isFinite(value)) throw new RangeError(`${operation}: value must be finite, got ${value}`);
  return { fill, value, interpolation };
}

/** @throws RangeError for a colour that is no byte where images are bytes */
export function checkColour(operation: string, { fill, value }: Sampling, pixels: Pixels): void {
  const isByte = value === (value & 255);
  if (fill === "constant" && pixels instanceof Uint8Array && !isByte) {
    throw new RangeError(`${operation}: value must be an integer from 0 to 255 for bytes, got ${value}`);
  }
}

/** The pixel in [0, size) that stands at `index`, which may lie outside; −1 where the constant colour does. */
export function placeOf(index: number, size: number, fill: Fill): number {
  if (index >= 0 && index < size) return index;
  switch (fill) {
    case "constant":
      return -1;
    case "edge":
      return index < 0 ? 0 : size - 1;
    case "wrap":
      return remainder(index, size);
    case "symmetric": {
      const place = remainder(index, 2 * size);
      return place < size ? place : 2 * size - 1 - place;
    }
    case "reflect": {
      if (size === 1) return 0;
      const place = remainder(index, 2 * size - 2);
      return place < size ? place : 2 * size - 2 - place;
    }
  }
}

/** In [0, divisor), for negative numbers too. */
const remainder = (index: number, divisor: number): number => ((index % divisor) + divisor) % divisor;
