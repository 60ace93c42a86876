import { exp, log } from "../../util/math.ts";
import type { MakeArray, RawArray, SoftmaxBackend } from "../backend.ts";
import { rowsOf } from "../view.ts";
import { reduceColumn } from "./reduction.ts";
import { type Rounding, rounding } from "./rounding.ts";

export const softmaxFamily = (make: MakeArray): SoftmaxBackend => {
  const softmax = (x: RawArray): RawArray => {
    const out = make(x.shape, x.dtype);
    const [rows, columns] = rowsOf(x.shape);
    for (let row = 0; row < rows; row++) {
      const values = x.data.subarray(row * columns, (row + 1) * columns);
      const { exponentials, sum } = shiftedExponentials(values, rounding(x.dtype));
      for (let j = 0; j < columns; j++) out.data[row * columns + j] = exponentials[j] / sum;
    }
    return out;
  };
  return {
    softmax,

    logSoftmax(x) {
      const out = make(x.shape, x.dtype);
      const round = rounding(x.dtype);
      const [rows, columns] = rowsOf(x.shape);
      for (let row = 0; row < rows; row++) {
        const values = x.data.subarray(row * columns, (row + 1) * columns);
        const { greatest, sum } = shiftedExponentials(values, round);
        const logSum = round(log(sum));
        for (let j = 0; j < columns; j++) out.data[row * columns + j] = round(values[j] - greatest) - logSum;
      }
      return out;
    },

    crossEntropy(logits, labels) {
      const round = rounding(logits.dtype);
      const [rows, columns] = rowsOf(logits.shape);
      const [loss, slope] = [make([rows], logits.dtype), softmax(logits)];
      for (let row = 0; row < rows; row++) {
        const values = logits.data.subarray(row * columns, (row + 1) * columns);
        const { greatest, sum } = shiftedExponentials(values, round);
        loss.data[row] = round(log(sum)) - round(values[labels.data[row]] - greatest);
        slope.data[row * columns + labels.data[row]] -= 1;
      }
      return { loss, slope };
    },
  };
};

/** exp(x − max x), which cannot overflow, and its sum. */
function shiftedExponentials(
  values: ArrayLike<number>,
  round: Rounding,
): { greatest: number; exponentials: Float64Array; sum: number } {
  let greatest = -Infinity;
  for (let j = 0; j < values.length; j++) greatest = Math.max(greatest, values[j]);
  const exponentials = new Float64Array(values.length);
  for (let j = 0; j < values.length; j++) exponentials[j] = round(exp(round(values[j] - greatest)));
  return { greatest, exponentials, sum: round(reduceColumn("sum", exponentials, true)) };
}
