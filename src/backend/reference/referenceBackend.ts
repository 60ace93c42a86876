import { exp, log } from "../../util/math.ts";
import { broadcastShapes, type Shape, sizeOf } from "../../util/shape.ts";
import type {
  AdamStep,
  Backend,
  BinaryKind,
  DType,
  RawArray,
  ReduceKind,
  UnaryKind,
  View,
} from "../backend.ts";
import { CHUNK, LANES } from "../summation.ts";
import { broadcastStrides, offsets } from "../view.ts";
import { binaryFunctions, type Rounding, unaryFunctions } from "./elementwise.ts";
import { ReferenceArray } from "./referenceArray.ts";

/**
 * Plain TypeScript, one element at a time: slow, and obvious enough to be believed. It is the oracle of the
 * WebAssembly backend at float32, and the float64 of gradient checks.
 */
class ReferenceBackend implements Backend {
  readonly name = "reference";

  empty(shape: Shape, dtype: DType): RawArray {
    return new ReferenceArray(this, shape, dtype);
  }

  from(data: ArrayLike<number>, shape: Shape, dtype: DType): RawArray {
    const array = this.empty(shape, dtype);
    array.data.set(data);
    return array;
  }

  fill(x: RawArray, value: number): void {
    x.data.fill(value);
  }

  reshape(x: RawArray, shape: Shape): RawArray {
    return new ReferenceArray(this, shape, x.dtype, x.data);
  }

  gather(x: RawArray, view: View): RawArray {
    const out = this.empty(view.shape, x.dtype);
    let index = 0;
    for (const offset of offsets(view)) out.data[index++] = x.data[offset];
    return out;
  }

  scatter(x: RawArray, view: View, shape: Shape): RawArray {
    const out = this.empty(shape, x.dtype);
    let index = 0;
    for (const offset of offsets(view)) out.data[offset] = x.data[index++];
    return out;
  }

  unary(kind: UnaryKind, x: RawArray): RawArray {
    const apply = unaryFunctions[kind];
    const out = this.empty(x.shape, x.dtype);
    for (let i = 0; i < x.size; i++) out.data[i] = apply(x.data[i]);
    return out;
  }

  binary(kind: BinaryKind, x: RawArray, y: RawArray): RawArray {
    const apply = binaryFunctions[kind];
    const round = rounding(x.dtype);
    const shape = broadcastShapes(kind, x.shape, y.shape);
    const out = this.empty(shape, x.dtype);
    const left = offsets({ shape, strides: broadcastStrides(x.shape, shape), offset: 0 });
    const right = offsets({ shape, strides: broadcastStrides(y.shape, shape), offset: 0 });
    for (let i = 0; i < out.size; i++)
      out.data[i] = apply(x.data[left.next().value!], y.data[right.next().value!], round);
    return out;
  }

  reduce(
    kind: ReduceKind,
    x: RawArray,
    outer: number,
    length: number,
    inner: number,
    shape: Shape,
  ): RawArray {
    const out = this.empty(shape, x.dtype);
    const column = new Float64Array(length);
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        for (let k = 0; k < length; k++) column[k] = x.data[(o * length + k) * inner + i];
        out.data[o * inner + i] = reduceColumn(kind, column, inner === 1);
      }
    return out;
  }

  argmax(x: RawArray, outer: number, length: number, inner: number, shape: Shape): RawArray {
    const out = this.empty(shape, "int32");
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++) {
        let best = 0;
        for (let k = 1; k < length; k++) {
          const greatest = x.data[(o * length + best) * inner + i];
          const value = x.data[(o * length + k) * inner + i];
          if (value > greatest || (Number.isNaN(value) && !Number.isNaN(greatest))) best = k;
        }
        out.data[o * inner + i] = best;
      }
    return out;
  }

  matmul(x: RawArray, y: RawArray, transposeX: boolean, transposeY: boolean): RawArray {
    const [m, k] = transposeX ? [x.shape[1], x.shape[0]] : x.shape;
    const n = transposeY ? y.shape[0] : y.shape[1];
    const round = rounding(x.dtype);
    const out = this.empty([m, n], x.dtype);
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) {
          const left = x.data[transposeX ? p * m + i : i * k + p];
          const right = y.data[transposeY ? j * k + p : p * n + j];
          sum = round(sum + round(left * right));
        }
        out.data[i * n + j] = sum;
      }
    return out;
  }

  linear(x: RawArray, weight: RawArray, bias: RawArray): RawArray {
    const product = this.matmul(x, weight, false, false);
    for (let i = 0; i < product.size; i++) product.data[i] += bias.data[i % bias.size];
    return product;
  }

  softmax(x: RawArray): RawArray {
    const { out, round, rows, columns } = this.#rows(x);
    for (let row = 0; row < rows; row++) {
      const { exponentials, sum } = shiftedExponentials(
        x.data.subarray(row * columns, (row + 1) * columns),
        round,
      );
      for (let j = 0; j < columns; j++) out.data[row * columns + j] = exponentials[j] / sum;
    }
    return out;
  }

  logSoftmax(x: RawArray): RawArray {
    const { out, round, rows, columns } = this.#rows(x);
    for (let row = 0; row < rows; row++) {
      const values = x.data.subarray(row * columns, (row + 1) * columns);
      const { greatest, sum } = shiftedExponentials(values, round);
      const logSum = round(log(sum));
      for (let j = 0; j < columns; j++) out.data[row * columns + j] = round(values[j] - greatest) - logSum;
    }
    return out;
  }

  crossEntropy(logits: RawArray, labels: RawArray): RawArray {
    const { round, rows, columns } = this.#rows(logits);
    const out = this.empty([rows], logits.dtype);
    for (let row = 0; row < rows; row++) {
      const values = logits.data.subarray(row * columns, (row + 1) * columns);
      const { greatest, sum } = shiftedExponentials(values, round);
      out.data[row] = round(log(sum)) - round(values[labels.data[row]] - greatest);
    }
    return out;
  }

  crossEntropyGradient(gradient: RawArray, logits: RawArray, labels: RawArray): RawArray {
    const out = this.softmax(logits);
    const { round, rows, columns } = this.#rows(logits);
    for (let row = 0; row < rows; row++)
      for (let j = 0; j < columns; j++) {
        const target = labels.data[row] === j ? 1 : 0;
        const index = row * columns + j;
        out.data[index] = gradient.data[row] * round(out.data[index] - target);
      }
    return out;
  }

  sgdStep(w: RawArray, g: RawArray, step: { learningRate: number }): void {
    const round = rounding(w.dtype);
    const rate = round(step.learningRate);
    for (let i = 0; i < w.size; i++) w.data[i] -= round(rate * g.data[i]);
  }

  momentumStep(
    w: RawArray,
    g: RawArray,
    m: RawArray,
    step: { learningRate: number; momentum: number },
  ): void {
    const round = rounding(w.dtype);
    const rate = round(step.learningRate);
    const momentum = round(step.momentum);
    for (let i = 0; i < w.size; i++) {
      m.data[i] = round(momentum * m.data[i]) - round(rate * g.data[i]);
      w.data[i] += m.data[i];
    }
  }

  adamStep(w: RawArray, g: RawArray, m: RawArray, v: RawArray, step: AdamStep): void {
    const round = rounding(w.dtype);
    const [rate, beta1, beta2] = [round(step.learningRate), round(step.beta1), round(step.beta2)];
    const [rest1, rest2] = [round(1 - step.beta1), round(1 - step.beta2)];
    const [correction1, correction2] = [round(step.correction1), round(step.correction2)];
    const epsilon = round(step.epsilon);
    for (let i = 0; i < w.size; i++) {
      const gradient = g.data[i];
      m.data[i] = round(beta1 * m.data[i]) + round(rest1 * gradient);
      v.data[i] = round(beta2 * v.data[i]) + round(rest2 * round(gradient * gradient));
      const numerator = round(rate * round(m.data[i] / correction1));
      const corrected = round(v.data[i] / correction2);
      const root = step.epsilonInside
        ? round(Math.sqrt(round(corrected + epsilon)))
        : round(round(Math.sqrt(corrected)) + epsilon);
      w.data[i] -= round(numerator / root);
    }
  }

  #rows(x: RawArray): { out: RawArray; round: Rounding; rows: number; columns: number } {
    const columns = x.shape[x.shape.length - 1];
    return {
      out: this.empty(x.shape, x.dtype),
      round: rounding(x.dtype),
      rows: sizeOf(x.shape.slice(0, -1)),
      columns,
    };
  }
}

const rounding = (dtype: DType): Rounding => (dtype === "float64" ? (x) => x : Math.fround);

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

function reduceColumn(kind: ReduceKind, column: Float64Array, contiguous: boolean): number {
  if (kind === "max") return column.reduce((greatest, x) => Math.max(greatest, x), -Infinity);
  if (kind === "min") return column.reduce((least, x) => Math.min(least, x), Infinity);
  if (!contiguous) return column.reduce((sum, x) => sum + x, 0);
  let total = 0;
  for (let start = 0; start < column.length; start += CHUNK)
    total += laneSum(column.subarray(start, start + CHUNK));
  return total;
}

function laneSum(chunk: Float64Array): number {
  const lanes = new Float64Array(LANES);
  for (let i = 0; i < chunk.length; i++) lanes[i % LANES] += chunk[i];
  for (let width = LANES / 2; width >= 1; width /= 2)
    for (let lane = 0; lane < width; lane++) lanes[lane] += lanes[lane + width];
  return lanes[0];
}

export const reference: Backend = new ReferenceBackend();
