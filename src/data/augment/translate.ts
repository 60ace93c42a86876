import { resample } from "./affine.ts";
import { type Augmentation, augmentation } from "./images.ts";
import { checkedProbability, checkedRange, drawWhole, happens, type Range } from "./range.ts";
import { checkedSampling, type SamplingOptions } from "./sampling.ts";

export interface TranslateOptions extends Pick<SamplingOptions, "fill" | "value"> {
  /** Whole pixels to the right, negative to the left. Default 0. */
  readonly x?: Range;
  /** Whole pixels downwards, negative upwards. Default 0. */
  readonly y?: Range;
  /** Of each image to be moved. Default 1. */
  readonly probability?: number;
}

/**
 * Move images by whole pixels, along either axis or both.
 *
 * @returns an augmentation of images `[N, H, W, C]`, bytes or floats
 * @throws RangeError if a distance is not whole, or an option does not exist
 * @example
 * const moved = augment.translate({ x: [-2, 2], y: [-2, 2] })(images);
 */
export function translate({ x = 0, y = 0, probability = 1, ...options }: TranslateOptions): Augmentation {
  const right = checkedRange("translate", "x", x, { whole: true });
  const down = checkedRange("translate", "y", y, { whole: true });
  const sampling = checkedSampling("translate", { ...options, interpolation: "nearest" });
  checkedProbability("translate", probability);
  return augmentation("translate", { x, y, probability, ...options }, (images, extent, generator) =>
    resample("translate", images, extent, extent, sampling, () => {
      if (!happens(probability, generator)) return null;
      const byX = drawWhole(right, generator);
      const byY = drawWhole(down, generator);
      return { map: [1, 0, -byX, 0, 1, -byY] };
    }),
  );
}
