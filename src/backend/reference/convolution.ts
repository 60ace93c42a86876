import type { ConvolutionBackend, MakeArray, RawArray } from "../backend.ts";
import { weightGradientParts } from "../weightGradientParts.ts";
import { placesOf } from "../window.ts";
import { reduceColumn } from "./reduction.ts";
import { rounding } from "./rounding.ts";

export const convolution = (make: MakeArray): ConvolutionBackend => ({
  conv2d(x, weight, bias, window, activation) {
    const [images, height, width, channels] = x.shape;
    const [outputs, rows, columns] = weight.shape;
    const { stride, padding } = window;
    const [outRows, outColumns] = placesOf([height, width], window);
    const round = rounding(x.dtype);
    const out = make([images, outRows, outColumns, outputs], x.dtype);
    let index = 0;
    for (let n = 0; n < images; n++)
      for (let i = 0; i < outRows; i++)
        for (let j = 0; j < outColumns; j++)
          for (let o = 0; o < outputs; o++) {
            let sum = 0;
            for (let a = 0; a < rows; a++)
              for (let b = 0; b < columns; b++)
                for (let c = 0; c < channels; c++) {
                  const [top, left] = [i * stride[0] + a - padding[0], j * stride[1] + b - padding[1]];
                  if (top < 0 || top >= height) continue;
                  sum = round(sum + round(pixel(x, n, top, left, c) * pixel(weight, o, a, b, c)));
                }
            if (bias) sum = round(sum + bias.data[o]);
            out.data[index++] = activation === "relu" ? Math.max(sum, 0) : sum;
          }
    return out;
  },

  conv2dInput(gradient, weight, bias, { stride, padding }, [height, width]) {
    const [images] = gradient.shape;
    const [outputs, rows, columns, channels] = weight.shape;
    const round = rounding(gradient.dtype);
    const out = make([images, height, width, channels], gradient.dtype);
    let index = 0;
    for (let n = 0; n < images; n++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          for (let c = 0; c < channels; c++) {
            let sum = 0;
            // Descending in the window is ascending in the result that it was read for.
            for (let a = rows - 1; a >= 0; a--)
              for (let b = columns - 1; b >= 0; b--) {
                const [i, j] = [(y + padding[0] - a) / stride[0], (x + padding[1] - b) / stride[1]];
                if (!Number.isInteger(i) || !Number.isInteger(j)) continue;
                if (i < 0 || i >= gradient.shape[1]) continue;
                for (let o = 0; o < outputs; o++)
                  sum = round(sum + round(pixel(gradient, n, i, j, o) * pixel(weight, o, a, b, c)));
              }
            out.data[index++] = bias ? sum + bias.data[c] : sum;
          }
    return out;
  },

  conv2dWeight(x, gradient, { kernel, stride, padding }) {
    const [images, outRows, outColumns, outputs] = gradient.shape;
    const round = rounding(x.dtype);
    const out = make([outputs, ...kernel, x.shape[3]], x.dtype);
    const { parts, rowsOfPart } = weightGradientParts(images * outRows, out.size);
    const sums = new Float64Array(parts);
    let index = 0;
    for (let o = 0; o < outputs; o++)
      for (let a = 0; a < kernel[0]; a++)
        for (let b = 0; b < kernel[1]; b++)
          for (let c = 0; c < x.shape[3]; c++) {
            sums.fill(0);
            for (let row = 0; row < images * outRows; row++)
              for (let j = 0; j < outColumns; j++) {
                const [n, i] = [Math.floor(row / outRows), row % outRows];
                const [top, left] = [i * stride[0] + a - padding[0], j * stride[1] + b - padding[1]];
                if (top < 0 || top >= x.shape[1]) continue;
                const part = Math.floor(row / rowsOfPart);
                const product = round(pixel(x, n, top, left, c) * pixel(gradient, n, i, j, o));
                sums[part] = round(sums[part] + product);
              }
            out.data[index++] = reduceColumn("sum", sums, false);
          }
    return out;
  },
});

/** An element of [N, H, W, C]; 0 beside the image. */
function pixel({ shape, data }: RawArray, n: number, y: number, x: number, c: number): number {
  const [, height, width, channels] = shape;
  if (x < 0 || x >= width) return 0;
  return data[((n * height + y) * width + x) * channels + c];
}
