import { aboutCentre, resample } from "./affine.ts";
import { type Augmentation, augmentation } from "./images.ts";
import { checkedProbability, checkedRange, draw, happens, type Range } from "./range.ts";
import { checkedSampling, type SamplingOptions } from "./sampling.ts";

export interface ScaleOptions extends SamplingOptions {
  /** Above 1 outward: enlarged, what leaves the frame is cut off. Below 1 inward: shrunk, the border is filled. */
  readonly factor: Range;
  /** Of each image to be scaled. Default 1. */
  readonly probability?: number;
}

/**
 * Enlarge or shrink images about their centre; their size in pixels stays.
 *
 * @returns an augmentation of images `[N, H, W, C]`, bytes or floats
 * @throws RangeError if a factor is not > 0, or an option does not exist
 * @example
 * const scaled = augment.scale({ factor: [0.9, 1.1] })(images);
 */
export function scale({ probability = 1, ...options }: ScaleOptions): Augmentation {
  const factors = checkedRange("scale", "factor", options.factor, { least: 0, above: true });
  const sampling = checkedSampling("scale", options);
  checkedProbability("scale", probability);
  return augmentation("scale", { probability, ...options }, (images, extent, generator) =>
    resample("scale", images, extent, extent, sampling, () => {
      if (!happens(probability, generator)) return null;
      const step = 1 / draw(factors, generator);
      return { map: aboutCentre([step, 0, 0, step], extent, extent) };
    }),
  );
}
