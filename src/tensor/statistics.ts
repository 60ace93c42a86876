import { formatNumber } from "./format.ts";

/**
 * What a preview cannot show, on one line: mean, standard deviation (over n − 1, as `Tensor.standardDeviation` has it), least
 * and greatest of the finite numbers, and how many others there are. Two passes in float64: Σ(x − mean)² would lose its
 * digits as Σx² − n·mean².
 */
export function describeNumbers(values: ArrayLike<number>): string {
  let count = 0;
  let sum = 0;
  let least = Infinity;
  let greatest = -Infinity;
  let missing = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (Number.isNaN(value)) missing++;
    if (!Number.isFinite(value)) continue;
    count++;
    sum += value;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const mean = sum / count;
  let squares = 0;
  for (let index = 0; index < values.length; index++)
    if (Number.isFinite(values[index])) squares += (values[index] - mean) * (values[index] - mean);

  const infinite = values.length - count - missing;
  return [
    ...(count > 0 ? [`mean ${short(mean)}`] : []),
    ...(count > 1 ? [`standard deviation ${short(Math.sqrt(squares / (count - 1)))}`] : []),
    ...(count > 0 ? [`from ${short(least)} to ${short(greatest)}`] : []),
    ...(missing > 0 ? [`${missing} NaN`] : []),
    ...(infinite > 0 ? [`${infinite} infinite`] : []),
  ].join(" · ");
}

const short = (value: number): string => formatNumber(value, Number.isInteger(value));
