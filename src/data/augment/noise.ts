import { type Augmentation, augmentation, blankPixels } from "./images.ts";
import { checkedProbability, checkedRange, draw, happens, type Range } from "./range.ts";

export interface NoiseOptions {
  /** Of the normal distribution around 0, in the units of the images. */
  readonly standardDeviation: Range;
  /** Of each image to be given noise. Default 1. */
  readonly probability?: number;
}

/**
 * Add normally distributed noise to every number of an image. Bytes are rounded and stay in 0–255; floats are left
 * as they come out.
 *
 * @returns an augmentation of images `[N, H, W, C]`, bytes or floats
 * @throws RangeError if a standard deviation is negative
 * @example
 * const grainy = augment.noise({ standardDeviation: [0, 0.1] })(images);
 */
export function noise({ standardDeviation, probability = 1 }: NoiseOptions): Augmentation {
  const deviations = checkedRange("noise", "standardDeviation", standardDeviation, { least: 0 });
  checkedProbability("noise", probability);
  return augmentation(
    "noise",
    { standardDeviation, probability },
    ({ data, shape }, { count, height, width, channels }, generator) => {
      const result = blankPixels(data, data.length);
      const size = height * width * channels;
      for (let image = 0; image < count; image++) {
        const deviation = happens(probability, generator) ? draw(deviations, generator) : undefined;
        for (let index = image * size; index < (image + 1) * size; index++) {
          const added = deviation === undefined ? 0 : deviation * generator.normal();
          const sum = data[index] + added;
          result[index] = data instanceof Uint8Array ? Math.min(255, Math.max(0, Math.round(sum))) : sum;
        }
      }
      return { data: result, shape };
    },
  );
}
