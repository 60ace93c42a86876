import { ShapeError } from "../../util/errors.ts";
import { type Augmentation, augmentation } from "./images.ts";

export interface NormalizeOptions {
  /** One number, or one a channel, in the units of the images. */
  readonly mean: number | readonly number[];
  /** One number > 0, or one a channel. */
  readonly standardDeviation: number | readonly number[];
}

/**
 * (pixel − mean) / standardDeviation, channel by channel; bytes become float32. Nothing random: evaluation needs it
 * just as training does.
 *
 * @returns an augmentation of images `[N, H, W, C]`, bytes or floats
 * @throws RangeError if a standard deviation is not > 0 or a mean is not finite
 * @throws ShapeError if lists are not as long as there are channels
 * @example
 * const centred = augment.normalize({ mean: 0.1307, standardDeviation: 0.3081 })(images);
 */
export function normalize({ mean, standardDeviation }: NormalizeOptions): Augmentation {
  const means = [mean].flat();
  const deviations = [standardDeviation].flat();
  if (!means.every(Number.isFinite)) {
    throw new RangeError(`normalize: mean must be finite, got ${means.join(", ")}`);
  }
  if (!deviations.every((deviation) => deviation > 0 && deviation < Infinity)) {
    throw new RangeError(`normalize: standardDeviation must be > 0 and finite, got ${deviations.join(", ")}`);
  }
  return augmentation("normalize", { mean, standardDeviation }, ({ data, shape }, { channels }) => {
    for (const [name, { length }] of Object.entries({ mean: means, standardDeviation: deviations })) {
      if (length !== 1 && length !== channels) {
        throw new ShapeError(
          `normalize: ${name} has ${length} numbers for ${channels} channels; give 1 or ${channels}`,
        );
      }
    }
    const result =
      data instanceof Float64Array ? new Float64Array(data.length) : new Float32Array(data.length);
    for (let index = 0; index < data.length; index++) {
      const channel = index % channels;
      result[index] = (data[index] - means[channel % means.length]) / deviations[channel % deviations.length];
    }
    return { data: result, shape };
  });
}
