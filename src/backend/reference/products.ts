import { broadcastShapes } from "../../util/shape.ts";
import type { MakeArray, ProductBackend, RawArray, TypedArray } from "../backend.ts";
import { broadcastStrides, leadingOffsets } from "../view.ts";
import { unaryFunctions } from "./elementwise.ts";
import { rounding } from "./rounding.ts";

export const products = (make: MakeArray): ProductBackend => ({
  matmul(x, y, transposeX, transposeY) {
    const round = rounding(x.dtype);
    const [left, right] = [matrices(x, transposeX), matrices(y, transposeY)];
    const [m, k, n] = [left.rows, right.rows, right.columns];
    const leading = broadcastShapes("matmul", x.shape.slice(0, -2), y.shape.slice(0, -2));
    const out = make([...leading, m, n], x.dtype);
    const rightStarts = starts(y, leading);
    let to = 0;
    for (const leftStart of starts(x, leading)) {
      const rightStart = rightStarts.next().value!;
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let p = 0; p < k; p++)
            sum = round(sum + round(left.at(leftStart, i, p) * right.at(rightStart, p, j)));
          out.data[to++] = sum;
        }
    }
    return out;
  },

  linear(x, weight, bias, activation) {
    const out = this.matmul(x, weight, false, false);
    if (bias) for (let i = 0; i < out.size; i++) out.data[i] += bias.data[i % bias.size];
    if (activation) for (let i = 0; i < out.size; i++) out.data[i] = unaryFunctions[activation](out.data[i]);
    return out;
  },
});

/** The matrices of an array as a product sees them. */
function matrices(
  { shape, data }: { shape: readonly number[]; data: TypedArray },
  transpose: boolean,
): { rows: number; columns: number; at: (start: number, row: number, column: number) => number } {
  const [stored, length] = shape.slice(-2);
  return transpose
    ? { rows: length, columns: stored, at: (start, row, column) => data[start + column * length + row] }
    : { rows: stored, columns: length, at: (start, row, column) => data[start + row * length + column] };
}

/** Where the matrices begin, in the order of the broadcast leading axes. */
function starts(array: RawArray, leading: readonly number[]): Generator<number, undefined> {
  const strides = broadcastStrides(array.shape, [...leading, ...array.shape.slice(-2)]);
  return leadingOffsets({ shape: [...leading, 1, 1], strides, offset: 0 });
}
