import { resample } from "./affine.ts";
import { type Augmentation, augmentation } from "./images.ts";
import { checkedProbability, checkedRange, draw, happens, type Range } from "./range.ts";
import { checkedSampling, type Interpolation } from "./sampling.ts";

export interface CropOptions {
  /** The part of each side that is kept, in (0, 1]: 0.8 keeps 0.64 of the area. Rounded to whole pixels. */
  readonly side: Range;
  /** Of each image to be cropped. Default 1. */
  readonly probability?: number;
  /** Default `"bilinear"`. */
  readonly interpolation?: Interpolation;
}

/**
 * Cut a section out of each image, anywhere in it, and resize the section to the size of the image.
 *
 * @returns an augmentation of images `[N, H, W, C]`, bytes or floats
 * @throws RangeError if a side lies outside (0, 1], or an option does not exist
 * @example
 * const cropped = augment.crop({ side: [0.7, 1] })(images);
 */
export function crop({ probability = 1, ...options }: CropOptions): Augmentation {
  const sides = checkedRange("crop", "side", options.side, { least: 0, above: true, most: 1 });
  // The section is resized as if there were nothing around it: its border pixels go on.
  const sampling = checkedSampling("crop", { ...options, fill: "edge" });
  checkedProbability("crop", probability);
  return augmentation("crop", { probability, ...options }, (images, extent, generator) =>
    resample("crop", images, extent, extent, sampling, () => {
      if (!happens(probability, generator)) return null;
      const side = draw(sides, generator);
      const width = Math.max(1, Math.round(side * extent.width));
      const height = Math.max(1, Math.round(side * extent.height));
      const left = generator.integer(extent.width - width + 1);
      const top = generator.integer(extent.height - height + 1);
      const stepX = width / extent.width;
      const stepY = height / extent.height;
      // Borders meet borders, so centres of pixels meet half a step in.
      const map = [stepX, 0, stepX / 2 - 0.5, 0, stepY, stepY / 2 - 0.5] as const;
      return { map, window: { left, top, width, height } };
    }),
  );
}
