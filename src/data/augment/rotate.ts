import { cos, sin } from "../../util/trigonometry.ts";
import { aboutCentre, resample, type Size } from "./affine.ts";
import { type Augmentation, augmentation } from "./images.ts";
import { checkedProbability, checkedRange, draw, happens, type Range } from "./range.ts";
import { checkedSampling, type SamplingOptions } from "./sampling.ts";

export interface RotateOptions extends SamplingOptions {
  /** Counter-clockwise: `[-15, 15]` turns each image by its own angle, 90 all by a quarter. */
  readonly degrees: Range;
  /**
   * Make room for the corners: the result is as large as the widest turn in `degrees` needs, the same for every
   * image and batch. Default false: the size is kept and corners are cut off.
   */
  readonly expand?: boolean;
  /** Of each image to be turned. Default 1. */
  readonly probability?: number;
}

/**
 * Turn images about their centre. Quarter turns move pixels exactly.
 *
 * @returns an augmentation of images `[N, H, W, C]`, bytes or floats
 * @throws RangeError if low > high, or an option does not exist
 * @example
 * const tilted = augment.rotate({ degrees: [-15, 15], fill: "edge" })(images);
 */
export function rotate({ expand = false, probability = 1, ...options }: RotateOptions): Augmentation {
  const degrees = checkedRange("rotate", "degrees", options.degrees);
  const sampling = checkedSampling("rotate", options);
  checkedProbability("rotate", probability);
  return augmentation("rotate", { expand, probability, ...options }, (images, extent, generator) => {
    const result = expand ? roomFor(extent, degrees, probability < 1) : extent;
    const sameSize = result.width === extent.width && result.height === extent.height;
    return resample("rotate", images, extent, result, sampling, () => {
      const turns = happens(probability, generator);
      if (!turns && sameSize) return null;
      const [cosine, sine] = turns ? direction(draw(degrees, generator)) : [1, 0];
      // What was turned counter-clockwise is read clockwise; y points down.
      return { map: aboutCentre([cosine, -sine, sine, cosine], extent, result) };
    });
  });
}

const quarters = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/** Cosine and sine of an angle, exact for whole quarters. */
function direction(degrees: number): readonly [number, number] {
  const turned = ((degrees % 360) + 360) % 360;
  if (turned % 90 === 0) return quarters[(turned / 90) % 4];
  const radians = (turned * Math.PI) / 180;
  return [cos(radians), sin(radians)];
}

/** The smallest size that holds the image at every angle. */
function roomFor(image: Size, [low, high]: readonly [number, number], unturned: boolean): Size {
  const angles = [low, high];
  if (unturned) angles.push(0);
  // At whole quarters width and height change over, between them both grow to the diagonal and shrink again.
  for (let quarter = Math.ceil(low / 90); quarter * 90 <= high && angles.length < 8; quarter++) {
    angles.push(quarter * 90);
  }
  const side = (along: number, across: number): number => {
    const reach = (degrees: number): number => {
      const [cosine, sine] = direction(degrees);
      return along * Math.abs(cosine) + across * Math.abs(sine);
    };
    // Less than a millionth of a pixel is rounding.
    const largest = passesDiagonal(along, across, low, high)
      ? Math.sqrt(along * along + across * across)
      : Math.max(...angles.map(reach));
    return Math.ceil(largest - 1e-6);
  };
  return { width: side(image.width, image.height), height: side(image.height, image.width) };
}

/** Whether |along · cos| + |across · sin| has its peak, the diagonal, between two angles. */
function passesDiagonal(along: number, across: number, low: number, high: number): boolean {
  // Within a quarter it rises while its slope, across · cos − along · sin, is positive; odd quarters run backwards.
  for (let quarter = Math.floor(low / 90); quarter * 90 < high; quarter++) {
    const [along0, across0] = quarter % 2 === 0 ? [along, across] : [across, along];
    const slope = (degrees: number): number => {
      const [cosine, sine] = direction(degrees - quarter * 90);
      return across0 * cosine - along0 * sine;
    };
    if (slope(Math.max(low, quarter * 90)) >= 0 && slope(Math.min(high, (quarter + 1) * 90)) <= 0)
      return true;
  }
  return false;
}
