import { sigmoid, tanh } from "../../util/math.ts";
import type { MakeArray, RawArray, RecurrenceBackend, TypedArray } from "../backend.ts";
import { typedArrays } from "./referenceArray.ts";
import { type Rounding, rounding } from "./rounding.ts";

export const recurrence = (make: MakeArray): RecurrenceBackend => ({
  rnn(gates, weight, rows, first) {
    const [times, batch, size] = gates.shape;
    const round = rounding(gates.dtype);
    const output = make([batch, times, size], gates.dtype);
    for (const { t, row, out } of steps(times, batch, size)) {
      const h = slice(rows, row * rows.shape[2] + first, size);
      if (t > 0) h.set(slice(output, out - size, size));
      const z = slice(gates, row * size, size);
      addProduct(z, h, weight, 0, round);
      for (let j = 0; j < size; j++) output.data[out + j] = z[j] = tanh(z[j]);
    }
    return output;
  },

  rnnGradient(gradient, gates, weight) {
    const [times, batch, size] = gates.shape;
    const round = rounding(gates.dtype);
    const dHidden = make([batch, size], gates.dtype);
    for (const { b, row, out } of steps(times, batch, size).reverse()) {
      const [dh, z] = [slice(dHidden, b * size, size), slice(gates, row * size, size)];
      for (let j = 0; j < size; j++) {
        const upstream = round(gradient.data[out + j] + dh[j]);
        z[j] = upstream * round(1 - round(z[j] * z[j]));
      }
      dh.fill(0);
      addTransposedProduct(dh, z, weight, 0, round);
    }
    return dHidden;
  },

  gru(gates, weight, rows, first) {
    const [times, batch] = gates.shape;
    const size = weight.shape[0];
    const round = rounding(gates.dtype);
    const output = make([batch, times, size], gates.dtype);
    const reset = make([times, batch, size], gates.dtype);
    for (const { t, row, out } of steps(times, batch, size)) {
      const h = slice(rows, row * rows.shape[2] + first, size);
      if (t > 0) h.set(slice(output, out - size, size));
      const [r, z, g] = [0, 1, 2].map((gate) => slice(gates, (row * 3 + gate) * size, size));
      addProduct(slice(gates, row * 3 * size, 2 * size), h, weight, 0, round);
      const resetHidden = slice(reset, row * size, size);
      for (let j = 0; j < size; j++) {
        r[j] = sigmoid(r[j]);
        z[j] = sigmoid(z[j]);
        resetHidden[j] = r[j] * h[j];
      }
      addProduct(g, resetHidden, weight, 2 * size, round);
      for (let j = 0; j < size; j++) {
        g[j] = tanh(g[j]);
        output.data[out + j] = round(h[j] * z[j]) + round(g[j] * round(1 - z[j]));
      }
    }
    return { output, reset };
  },

  gruGradient(gradient, gates, weight, rows, first) {
    const [times, batch] = gates.shape;
    const size = weight.shape[0];
    const round = rounding(gates.dtype);
    const dHidden = make([batch, size], gates.dtype);
    const dReset = new typedArrays[gates.dtype](size);
    for (const { b, row, out } of steps(times, batch, size).reverse()) {
      const [h, dh] = [slice(rows, row * rows.shape[2] + first, size), slice(dHidden, b * size, size)];
      const [r, z, g] = [0, 1, 2].map((gate) => slice(gates, (row * 3 + gate) * size, size));
      for (let j = 0; j < size; j++) {
        const upstream = round(gradient.data[out + j] + dh[j]);
        const kept = round(1 - z[j]);
        dh[j] = upstream * z[j];
        z[j] = round(round(upstream * round(h[j] - g[j])) * z[j]) * kept;
        g[j] = round(upstream * kept) * round(1 - round(g[j] * g[j]));
      }
      dReset.fill(0);
      addTransposedProduct(dReset, g, weight, 2 * size, round);
      for (let j = 0; j < size; j++) {
        dh[j] += round(dReset[j] * r[j]);
        r[j] = round(round(dReset[j] * h[j]) * r[j]) * round(1 - r[j]);
      }
      addTransposedProduct(dh, slice(gates, row * 3 * size, 2 * size), weight, 0, round);
    }
    return dHidden;
  },

  lstm(gates, weight, rows, first, cell) {
    const [times, batch] = gates.shape;
    const size = cell.shape[1];
    const round = rounding(gates.dtype);
    const output = make([batch, times, size], gates.dtype);
    const [cellBefore, cellTanh] = [0, 1].map(() => make([times, batch, size], gates.dtype));
    const cellNow = make([batch, size], gates.dtype);
    cellNow.data.set(cell.data);
    for (const { t, b, row, out } of steps(times, batch, size)) {
      const h = slice(rows, row * rows.shape[2] + first, size);
      if (t > 0) h.set(slice(output, out - size, size));
      const c = slice(cellNow, b * size, size);
      slice(cellBefore, row * size, size).set(c);
      const [i, f, g, o] = [0, 1, 2, 3].map((gate) => slice(gates, (row * 4 + gate) * size, size));
      addProduct(slice(gates, row * 4 * size, 4 * size), h, weight, 0, round);
      for (let j = 0; j < size; j++) {
        i[j] = sigmoid(i[j]);
        f[j] = sigmoid(f[j]);
        g[j] = tanh(g[j]);
        o[j] = sigmoid(o[j]);
        c[j] = round(c[j] * f[j]) + round(g[j] * i[j]);
        const squashed = round(tanh(c[j]));
        cellTanh.data[row * size + j] = squashed;
        output.data[out + j] = squashed * o[j];
      }
    }
    return { output, cell: cellNow, cellBefore, cellTanh };
  },

  lstmGradient(gradient, cellGradient, gates, weight, { cellBefore, cellTanh }) {
    const [times, batch, size] = cellBefore.shape;
    const round = rounding(gates.dtype);
    const [dHidden, dCell] = [0, 1].map(() => make([batch, size], gates.dtype));
    if (cellGradient) dCell.data.set(cellGradient.data);
    for (const { b, row, out } of steps(times, batch, size).reverse()) {
      const [dh, dc] = [slice(dHidden, b * size, size), slice(dCell, b * size, size)];
      const [c, squashed] = [slice(cellBefore, row * size, size), slice(cellTanh, row * size, size)];
      const [i, f, g, o] = [0, 1, 2, 3].map((gate) => slice(gates, (row * 4 + gate) * size, size));
      for (let j = 0; j < size; j++) {
        const upstream = round(gradient.data[out + j] + dh[j]);
        const slope = round(1 - round(squashed[j] * squashed[j]));
        const d = round(dc[j] + round(round(upstream * o[j]) * slope));
        const [input, candidate] = [i[j], g[j]];
        dc[j] = d * f[j];
        i[j] = round(round(d * candidate) * input) * round(1 - input);
        f[j] = round(round(d * c[j]) * f[j]) * round(1 - f[j]);
        g[j] = round(d * input) * round(1 - round(candidate * candidate));
        o[j] = round(round(upstream * squashed[j]) * o[j]) * round(1 - o[j]);
      }
      dh.fill(0);
      addTransposedProduct(dh, slice(gates, row * 4 * size, 4 * size), weight, 0, round);
    }
    return { hidden: dHidden, cell: dCell };
  },
});

/** Every step of every row, with the row's place in the time-major matrix and its place in the output. */
function steps(
  times: number,
  batch: number,
  size: number,
): { t: number; b: number; row: number; out: number }[] {
  return Array.from({ length: times * batch }, (_, row) => {
    const [t, b] = [Math.floor(row / batch), row % batch];
    return { t, b, row, out: (b * times + t) * size };
  });
}

const slice = (array: RawArray, start: number, length: number): TypedArray =>
  array.data.subarray(start, start + length);

/** z += h·U over the columns of U from `first` on: each sum goes on where it stands, over k in order. */
function addProduct(z: TypedArray, h: TypedArray, weight: RawArray, first: number, round: Rounding): void {
  const columns = weight.shape[1];
  for (let j = 0; j < z.length; j++)
    for (let k = 0; k < h.length; k++) z[j] += round(h[k] * weight.data[k * columns + first + j]);
}

/** dh += dz·Uᵀ over the columns of U from `first` on. */
function addTransposedProduct(
  dh: TypedArray,
  dz: TypedArray,
  weight: RawArray,
  first: number,
  round: Rounding,
): void {
  const columns = weight.shape[1];
  for (let j = 0; j < dh.length; j++)
    for (let k = 0; k < dz.length; k++) dh[j] += round(dz[k] * weight.data[j * columns + first + k]);
}
