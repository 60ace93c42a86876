import type { MakeArray, NormalizationBackend } from "../backend.ts";
import { channelFactors, inputTerms, inverseDeviation } from "../normalization.ts";
import { rounding } from "./rounding.ts";
import { ROWS } from "../summation.ts";
import { rowsOf } from "../view.ts";

export const normalization = (make: MakeArray): NormalizationBackend => ({
  channelStatistics(x) {
    const [rows, channels] = rowsOf(x.shape);
    const round = rounding(x.dtype);
    const [mean, variance] = [make([channels], x.dtype), make([channels], x.dtype)];
    mean.data.set(channelSums(rows, channels, (i) => x.data[i]).map((sum) => sum / rows));
    const squares = channelSums(rows, channels, (i, c) => {
      const distance = round(x.data[i] - mean.data[c]);
      return distance * distance;
    });
    variance.data.set(squares.map((sum) => sum / rows));
    return { mean, variance };
  },

  normalize(x, { mean, variance }, scale, shift, epsilon) {
    const [, channels] = rowsOf(x.shape);
    const round = rounding(x.dtype);
    const factor = channelFactors(inverseDeviation(variance, epsilon), scale);
    const out = make(x.shape, x.dtype);
    for (let i = 0; i < x.size; i++) {
      const c = i % channels;
      out.data[i] = round(round(x.data[i] - mean.data[c]) * factor[c]) + shift.data[c];
    }
    return out;
  },

  normalizeGradient(gradient, x, { mean, variance }, scale, epsilon, training) {
    const [rows, channels] = rowsOf(x.shape);
    const round = rounding(x.dtype);
    const inverse = inverseDeviation(variance, epsilon);
    const factor = channelFactors(inverse, scale);
    const plain = channelSums(rows, channels, (i) => gradient.data[i]);
    const centred = channelSums(rows, channels, (i, c) => gradient.data[i] * round(x.data[i] - mean.data[c]));
    const { a, b } = inputTerms({ plain, centred }, inverse, rows, training, round);
    const dx = make(x.shape, x.dtype);
    for (let i = 0; i < x.size; i++) {
      const c = i % channels;
      const passed = round(round(x.data[i] - mean.data[c]) * b[c]);
      dx.data[i] = factor[c] * round(round(gradient.data[i] - a[c]) - passed);
    }
    const [dScale, dShift] = [make([channels], x.dtype), make([channels], x.dtype)];
    dScale.data.set(centred.map((sum, c) => sum * inverse[c]));
    dShift.data.set(plain);
    return { x: dx, scale: dScale, shift: dShift };
  },
});

/** Σ term over the rows of each channel, in pieces of ROWS. */
function channelSums(
  rows: number,
  channels: number,
  term: (index: number, channel: number) => number,
): Float64Array {
  return Float64Array.from({ length: channels }, (_, channel) => {
    let total = 0;
    for (let start = 0; start < rows; start += ROWS) {
      let sum = 0;
      for (let row = start; row < Math.min(rows, start + ROWS); row++)
        sum += term(row * channels + channel, channel);
      total += sum;
    }
    return total;
  });
}
