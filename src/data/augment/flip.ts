import { type Augmentation, augmentation } from "./images.ts";
import { checkedProbability, happens } from "./range.ts";

export interface FlipOptions {
  /** `"horizontal"` exchanges left and right, `"vertical"` top and bottom. Default `"horizontal"`. */
  readonly direction?: "horizontal" | "vertical";
  /** Of each image to be flipped. Default 0.5. */
  readonly probability?: number;
}

/**
 * Mirror images. Only where the mirror image is of the same class: cats, not digits.
 *
 * @returns an augmentation of images `[N, H, W, C]`, bytes or floats
 * @throws RangeError if the direction does not exist or the probability lies outside [0, 1]
 * @example
 * const flipped = augment.flip({ direction: "vertical", probability: 1 })(images);
 */
export function flip({ direction = "horizontal", probability = 0.5 }: FlipOptions = {}): Augmentation {
  if (direction !== "horizontal" && direction !== "vertical") {
    throw new RangeError(`flip: direction must be horizontal or vertical, got "${String(direction)}"`);
  }
  checkedProbability("flip", probability);
  return augmentation(
    "flip",
    { direction, probability },
    ({ data, shape }, { count, height, width, channels }, generator) => {
      const result = data.slice();
      const line = width * channels;
      for (let image = 0; image < count; image++) {
        if (!happens(probability, generator)) continue;
        for (let row = 0; row < height; row++) {
          const from = (image * height + row) * line;
          if (direction === "vertical") {
            result.set(data.subarray(from, from + line), (image * height + height - 1 - row) * line);
            continue;
          }
          for (let column = 0; column < width; column++) {
            const mirrored = from + (width - 1 - column) * channels;
            for (let channel = 0; channel < channels; channel++) {
              result[mirrored + channel] = data[from + column * channels + channel];
            }
          }
        }
      }
      return { data: result, shape };
    },
  );
}
