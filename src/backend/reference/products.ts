import type { MakeArray, ProductBackend, RawArray } from "../backend.ts";
import { rounding } from "./rounding.ts";

export const products = (make: MakeArray): ProductBackend => {
  const matmul = (x: RawArray, y: RawArray, transposeX: boolean, transposeY: boolean): RawArray => {
    const [m, k] = transposeX ? [x.shape[1], x.shape[0]] : x.shape;
    const n = transposeY ? y.shape[0] : y.shape[1];
    const round = rounding(x.dtype);
    const out = make([m, n], x.dtype);
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
  };
  return {
    matmul,

    linear(x, weight, bias) {
      const product = matmul(x, weight, false, false);
      for (let i = 0; i < product.size; i++) product.data[i] += bias.data[i % bias.size];
      return product;
    },
  };
};
