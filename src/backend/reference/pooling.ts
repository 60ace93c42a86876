import type { MakeArray, PoolingBackend, RawArray } from "../backend.ts";
import { placesOf, type Window } from "../window.ts";
import { rounding } from "./rounding.ts";

export const pooling = (make: MakeArray): PoolingBackend => ({
  pool2d(kind, x, window) {
    const out = make(pooledShape(x, window), x.dtype);
    const round = rounding(x.dtype);
    for (let index = 0; index < out.size; index++) {
      const values = elementsOf(x, out, window, index).map((place) => x.data[place]);
      if (kind === "max") out.data[index] = values.reduce((best, value) => Math.max(best, value), -Infinity);
      else {
        const sum = values.reduce((total, value) => round(total + value), 0);
        out.data[index] = kind === "sum" ? sum : sum / (window.kernel[0] * window.kernel[1]);
      }
    }
    return out;
  },

  pool2dGradient(kind, gradient, x, y, window) {
    const out = make(x.shape, x.dtype);
    const round = rounding(x.dtype);
    const area = window.kernel[0] * window.kernel[1];
    for (let index = 0; index < y.size; index++) {
      const places = elementsOf(x, y, window, index);
      const share = kind === "average" ? round(gradient.data[index] / area) : gradient.data[index];
      const first = places.find((place) => x.data[place] === y.data[index] || Number.isNaN(x.data[place]));
      for (const place of kind === "max" ? [first!] : places) out.data[place] += share;
    }
    return out;
  },
});

function pooledShape({ shape: [images, height, width, channels] }: RawArray, window: Window): number[] {
  return [images, ...placesOf([height, width], window), channels];
}

/** Where the elements lie that the window of one result reads. */
function elementsOf(x: RawArray, y: RawArray, { kernel, stride, padding }: Window, index: number): number[] {
  const [, height, width, channels] = x.shape;
  const [, rows, columns] = y.shape;
  const c = index % channels;
  const j = Math.floor(index / channels) % columns;
  const i = Math.floor(index / channels / columns) % rows;
  const n = Math.floor(index / channels / columns / rows);
  const places: number[] = [];
  for (let a = 0; a < kernel[0]; a++)
    for (let b = 0; b < kernel[1]; b++) {
      const [top, left] = [i * stride[0] + a - padding[0], j * stride[1] + b - padding[1]];
      if (top >= 0 && top < height && left >= 0 && left < width)
        places.push(((n * height + top) * width + left) * channels + c);
    }
  return places;
}
