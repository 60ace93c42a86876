import type { MakeArray, NormalizationBackend, RawArray } from "../backend.ts";
import { channelFactors, inputTerms, inverseDeviation, piecesOf } from "../normalization.ts";
import { rounding } from "../reference/rounding.ts";
import { ROWS } from "../summation.ts";
import { rowsOf } from "../view.ts";
import { pointerOf } from "./dispatch.ts";
import { jobs } from "./jobs.ts";
import { threads } from "./kernels.ts";
import { memory } from "./memory.ts";

/** Elements of a chunk, at least, where every element is rewritten. */
const CHUNK = 16384;
const MAXIMUM_JOB_CHUNKS = 2048;
/** Numbers of the sums in generate/normalization.ts. */
const [SUM, SQUARES, GRADIENTS] = [0, 1, 2];

export const normalization = (make: MakeArray): NormalizationBackend => {
  /** `count` sums for every channel, one after another. */
  const channelSums = (
    which: number,
    count: number,
    x: RawArray,
    g: RawArray,
    mean: RawArray,
  ): Float64Array => {
    const [rows, channels] = rowsOf(x.shape);
    const width = count * channels;
    const total = new Float64Array(width);
    const pieces = piecesOf(rows);
    if (pieces === 0 || width === 0) return total;
    const partial = make([pieces * width * 2], "float32");
    const args = [rows, ROWS, channels, which, width, ...[x, g, mean, partial].map(pointerOf)];
    threads.run(jobs.channelSums, args, pieces);
    const sums = new Float64Array(memory.buffer, pointerOf(partial), pieces * width);
    for (let i = 0; i < sums.length; i++) total[i % width] += sums[i];
    partial.release("batchNormalization");
    return total;
  };

  /** Run a kernel over all rows, with some numbers a channel. */
  const rowwise = (
    job: "normalize" | "normalizeGradient",
    arrays: readonly RawArray[],
    channels: readonly (RawArray | Float64Array)[],
  ): void => {
    const [rows, count] = rowsOf(arrays[0].shape);
    if (arrays[0].size === 0) return;
    const together = Math.max(Math.ceil(CHUNK / count), Math.ceil(rows / MAXIMUM_JOB_CHUNKS));
    const own = channels.map((numbers) => {
      if (!(numbers instanceof Float64Array)) return numbers;
      const array = make([count], "float32");
      array.data.set(numbers);
      return array;
    });
    const args = [rows, together, count, ...[...arrays, ...own].map(pointerOf)];
    threads.run(jobs[job], args, Math.ceil(rows / together));
    for (const [i, array] of own.entries()) if (array !== channels[i]) array.release(job);
  };

  return {
    channelStatistics(x) {
      const [rows, channels] = rowsOf(x.shape);
      const [mean, variance] = [make([channels], x.dtype), make([channels], x.dtype)];
      // The sum takes no mean; any numbers do.
      mean.data.set(channelSums(SUM, 1, x, x, mean).map((sum) => sum / rows));
      variance.data.set(channelSums(SQUARES, 1, x, x, mean).map((sum) => sum / rows));
      return { mean, variance };
    },

    normalize(x, { mean, variance }, scale, shift, epsilon) {
      const out = make(x.shape, x.dtype);
      const factor = channelFactors(inverseDeviation(variance, epsilon), scale);
      rowwise("normalize", [x, out], [mean, factor, shift]);
      return out;
    },

    normalizeGradient(gradient, x, { mean, variance }, scale, epsilon, training) {
      const [rows, channels] = rowsOf(x.shape);
      const inverse = inverseDeviation(variance, epsilon);
      const sums = channelSums(GRADIENTS, 2, x, gradient, mean);
      const [plain, centred] = [sums.subarray(0, channels), sums.subarray(channels)];
      const { a, b } = inputTerms({ plain, centred }, inverse, rows, training, rounding(x.dtype));
      const dx = make(x.shape, x.dtype);
      rowwise("normalizeGradient", [x, gradient, dx], [mean, channelFactors(inverse, scale), a, b]);
      const [dScale, dShift] = [make([channels], x.dtype), make([channels], x.dtype)];
      dScale.data.set(centred.map((sum, c) => sum * inverse[c]));
      dShift.data.set(plain);
      return { x: dx, scale: dScale, shift: dShift };
    },
  };
};
