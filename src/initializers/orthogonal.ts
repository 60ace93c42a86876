import { defaultGenerator, type Generator } from "../random/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Shape } from "../util/shape.ts";
import { fans as fansOf } from "./fans.ts";
import type { Fans } from "./initializer.ts";

/**
 * Orthogonal: the weight as a matrix has orthonormal columns, or orthonormal rows where it is wider than tall, each
 * such matrix equally likely. A square one keeps every vector's length, so a signal neither vanishes nor explodes over
 * many steps. Saxe et al. 2014, https://arxiv.org/abs/1312.6120
 *
 * `[in, out]` is one matrix; gates side by side in a recurrent weight `[hidden, gates · hidden]` are one matrix each
 * (fanOut columns); a convolution's `[out, height, width, in]` is one of `[out, height · width · in]`, as in PyTorch.
 * It is the Q of a QR decomposition, in float64, of a normal matrix, with the diagonal of R positive.
 *
 * @throws RangeError for fewer than two axes
 * @example
 * const layer = new nn.LSTM(8, 32, { hiddenInit: init.orthogonal });
 */
export function orthogonal(shape: Shape, fans: Fans = fansOf(shape)): Tensor {
  if (shape.length < 2) fansOf(shape); // says why not
  const [generator, weight] = [fans.generator ?? defaultGenerator(), Tensor.zeros(shape)];
  if (weight.numel === 0) return weight;
  const rows = shape[0];
  const columns = weight.numel / rows;
  const gates = shape.length === 2 && columns % fans.fanOut === 0 ? columns / fans.fanOut : 1;
  const width = columns / gates;
  const { data } = weight.raw;
  for (let gate = 0; gate < gates; gate++) {
    // As many orthonormal vectors as the shorter side, each as long as the longer: columns if tall, rows if wide.
    const tall = rows >= width;
    const vectors = orthonormal(Math.min(rows, width), Math.max(rows, width), generator);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < width; column++)
        data[row * columns + gate * width + column] = tall ? vectors[column][row] : vectors[row][column];
  }
  return weight;
}

/** Below this part of its length, what is left of a vector is mostly rounding. */
const DEPENDENT = 1e-6;

/** Modified Gram–Schmidt: each vector loses its parts along the earlier ones, then gets length 1. */
function orthonormal(count: number, length: number, generator: Generator): Float64Array[] {
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => generator.normal());
    const before = Math.sqrt(dot(vector, vector));
    for (const earlier of vectors) {
      const along = dot(earlier, vector);
      for (let i = 0; i < length; i++) vector[i] -= along * earlier[i];
    }
    const rest = Math.sqrt(dot(vector, vector));
    if (!(rest > DEPENDENT * before)) continue;
    for (let i = 0; i < length; i++) vector[i] /= rest;
    vectors.push(vector);
  }
  return vectors;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
