import { type Shape, sizeOf, stridesOf } from "../../util/shape.ts";
import type { ConvolutionBackend, MakeArray, RawArray } from "../backend.ts";
import { weightGradientParts } from "../weightGradientParts.ts";
import { type Pair, placesOf, type Window } from "../window.ts";
import { pointerOf } from "./dispatch.ts";
import { jobs } from "./jobs.ts";
import { kernels, threads, tileColumns } from "./kernels.ts";

/** The widest block of output channels, which neighbours of 256 or of 128 bits hold best. */
const WIDEST = tileColumns;
/** Rows of input that are used again and again should lie in the second cache, or where possible in the first. */
const BAND_BYTES = 96 << 10;
const BLOCK_BYTES = 20 << 10;
/** Below so many multiplications waking other threads costs more than it saves. */
const PARALLEL_PRODUCTS = 1 << 19;
/** Chunks that a thread takes at least, so that one that is held up does not hold up the others. */
const CHUNKS_A_THREAD = 8;

const CAPACITY = kernels.CONVOLUTION_BAND.value as number;

/** Weights as seen by a convolution: output channel, row, column, channel. */
interface WeightView {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Where the results of a convolution go: bytes from image to image, row to row, place to place. */
interface Target {
  readonly pointer: number;
  readonly size: Pair;
  readonly image: number;
  readonly row: number;
  readonly place: number;
}

export const convolution = (make: MakeArray): ConvolutionBackend => {
  /** The floats of a kernel's own memory, given back at the end of `work`. */
  const withFloats = (count: number, work: (floats: RawArray) => void): void => {
    const floats = make([count], "float32");
    work(floats);
    floats.release("convolution");
  };

  const convolve = (
    x: RawArray,
    weight: RawArray,
    view: WeightView,
    bias: RawArray | undefined,
    stride: Pair,
    padding: Pair,
    floor: number,
    target: Target,
  ): void => {
    const [outputs, rows, columns, channels] = view.shape;
    const packedOutputs = Math.ceil(outputs / 4) * 4;
    const window = rows * columns * channels;
    withFloats((window + 1) * packedOutputs, (packed) => {
      pack(false, weight, view, pointerOf(packed));
      const biases = packed.data.subarray(window * packedOutputs);
      biases.fill(0);
      if (bias) biases.set(bias.data);
      withPadding(make, x, [rows, columns], stride, padding, target.size[1], (input) => {
        const [images] = x.shape;
        const [outRows, outColumns] = target.size;
        const work = images * outRows * outColumns * window * outputs;
        const pieces = work < PARALLEL_PRODUCTS ? 1 : threads.threads * CHUNKS_A_THREAD;
        const fitting = Math.floor((BAND_BYTES / input.rowBytes - rows) / stride[0]) + 1;
        const spread = Math.ceil((outRows * images) / pieces);
        const bandRows = Math.max(1, Math.min(outRows, fitting, spread));
        const bandsAnImage = Math.ceil(outRows / bandRows);
        const bands = images * bandsAnImage;
        const bandsAChunk = Math.ceil(bands / pieces);
        threads.run(
          jobs.convolve,
          [
            ...input.geometry,
            ...[outRows, outColumns, outputs],
            ...[pointerOf(packed), pointerOf(packed) + window * packedOutputs * 4, floor],
            ...[target.pointer, target.image, target.row, target.place],
            ...[bandRows, bandsAnImage, bands, bandsAChunk, input.copied, WIDEST],
          ],
          Math.ceil(bands / bandsAChunk),
        );
      });
    });
  };

  return {
    conv2d(x, weight, bias, window, activation) {
      const [images, height, width] = x.shape;
      const size = placesOf([height, width], window);
      const out = make([images, ...size, weight.shape[0]], x.dtype);
      if (out.size === 0) return out;
      const view = { shape: weight.shape, strides: stridesOf(weight.shape), offset: 0 };
      const floor = activation === "relu" ? 0 : -Infinity;
      convolve(x, weight, view, bias, window.stride, window.padding, floor, wholeOf(out));
      return out;
    },

    conv2dInput(gradient, weight, bias, window, [height, width]) {
      const out = make([gradient.shape[0], height, width, weight.shape[3]], gradient.dtype);
      if (out.size === 0) return out;
      const [outputStride, rowStride, columnStride, channelStride] = stridesOf(weight.shape);
      const [outputs, , , channels] = weight.shape;
      const whole = wholeOf(out);
      // Elements of the input that lie `stride` apart are read through the same elements of the window: each such
      // set is a convolution of stride 1 over the gradient, with those elements in reverse.
      for (const rows of phasesOf(window, 0, height))
        for (const columns of phasesOf(window, 1, width)) {
          const view = {
            shape: [channels, rows.elements, columns.elements, outputs],
            strides: [channelStride, -rows.step * rowStride, -columns.step * columnStride, outputStride],
            offset: rows.last * rowStride + columns.last * columnStride,
          };
          const target = {
            pointer: whole.pointer + rows.first * whole.row + columns.first * whole.place,
            size: [rows.count, columns.count] as const,
            image: whole.image,
            row: whole.row * rows.step,
            place: whole.place * columns.step,
          };
          const padding = [rows.padding, columns.padding] as const;
          convolve(gradient, weight, view, bias, [1, 1], padding, -Infinity, target);
        }
      return out;
    },

    conv2dWeight(x, gradient, { kernel, stride, padding }) {
      const [images, outRows, outColumns, outputs] = gradient.shape;
      const out = make([outputs, ...kernel, x.shape[3]], x.dtype);
      if (out.size === 0) return out;
      const { parts, rowsOfPart } = weightGradientParts(images * outRows, out.size);
      if (parts === 0) {
        out.data.fill(0);
        return out;
      }
      const padded = Math.ceil(outputs / 4) * 4;
      const window = out.size / outputs;
      const upstream = padded === outputs ? gradient : withMoreChannels(make, gradient, padded);
      withFloats(parts * window * padded, (sums) => {
        withPadding(make, x, kernel, stride, padding, outColumns, (input) => {
          const fit = (bytes: number, rowBytes: number): number =>
            Math.max(1, Math.floor((bytes - kernel[0] * input.rowBytes) / rowBytes) + 1);
          const bandRows = Math.min(outRows, fit(2 * BAND_BYTES, input.rowBytes * stride[0]));
          const blockRows = fit(BLOCK_BYTES, input.rowBytes * stride[0] + outColumns * WIDEST * 4);
          const small = images * outRows * outColumns * out.size < PARALLEL_PRODUCTS;
          const regions = small || parts >= 4 * threads.threads ? 1 : Math.ceil(padded / 16);
          const outputsOfRegion = regions === 1 ? padded : 16;
          threads.run(
            jobs.correlate,
            [
              ...input.geometry,
              ...[outRows, outColumns, padded],
              ...[pointerOf(upstream), pointerOf(sums), window * padded * 4],
              ...[images * outRows, rowsOfPart, bandRows, input.copied, WIDEST],
              ...[regions, outputsOfRegion, blockRows],
            ],
            parts * regions,
          );
        });
        const total = x.backend.reduce("sum", sums, 1, parts, window * padded, [window * padded]);
        pack(true, out, { shape: out.shape, strides: stridesOf(out.shape), offset: 0 }, pointerOf(total));
        total.release("convolution");
      });
      if (upstream !== gradient) upstream.release("convolution");
      return out;
    },
  };
};

function wholeOf(out: RawArray): Target {
  const [, height, width, channels] = out.shape;
  const place = channels * 4;
  return {
    pointer: pointerOf(out),
    size: [height, width],
    image: height * width * place,
    row: width * place,
    place,
  };
}

/** Weights into the packed form that the kernels read, or the packed form back. */
function pack(unpack: boolean, weight: RawArray, { shape, strides, offset }: WeightView, to: number): void {
  if (sizeOf(shape) === 0) return;
  const from = pointerOf(weight) + offset * 4;
  const [outputs, rows, columns, channels] = shape;
  kernels.packWeights(unpack ? 1 : 0, WIDEST, outputs, rows, columns, channels, from, ...strides, to);
}

/** The same gradient with further channels, all 0. */
function withMoreChannels(make: MakeArray, gradient: RawArray, channels: number): RawArray {
  const { backend, shape, dtype } = gradient;
  const more = make([sizeOf(shape.slice(0, 3)), channels], dtype);
  backend.fill(more, 0);
  backend.write(gradient, { shape: [more.shape[0], shape[3]], strides: [channels, 1], offset: 0 }, more);
  return more;
}

interface Input {
  /** The first arguments of the jobs: image, window, stride, padding. */
  readonly geometry: readonly number[];
  /** 1 if a kernel copies the rows it needs, with zeros beside them, into its scratch. */
  readonly copied: 0 | 1;
  /** Bytes of a row that the window passes over. */
  readonly rowBytes: number;
}

/** Prepare an input that may need zeros beside it; rows too wide for scratch are copied all at once. */
function withPadding(
  make: MakeArray,
  x: RawArray,
  [rows, columns]: Pair,
  stride: Pair,
  padding: Pair,
  outColumns: number,
  work: (input: Input) => void,
): void {
  const [images, height, width, channels] = x.shape;
  const [top, left] = padding;
  const reach = (outColumns - 1) * stride[1] + columns;
  const inside = left <= 0 && reach - left <= width;
  const rowBytes = Math.max(4, reach * channels * 4);
  const copied = inside || rows * columns === 0 ? 0 : 1;
  const geometryOf = (from: RawArray, width: number, left: number): number[] => [
    ...[pointerOf(from), height, width, channels],
    ...[rows, columns, ...stride, top, left],
  ];
  if (copied === 0 || rows * rowBytes <= CAPACITY) {
    work({ geometry: geometryOf(x, width, left), copied, rowBytes });
    return;
  }
  const whole = make([images, height, reach, channels], x.dtype);
  const imagesAChunk = Math.ceil(images / (threads.threads * CHUNKS_A_THREAD));
  const sizes = [images, imagesAChunk, height, width, channels, -left, reach];
  threads.run(jobs.pad, [...sizes, pointerOf(x), pointerOf(whole)], Math.ceil(images / imagesAChunk));
  work({ geometry: geometryOf(whole, reach, 0), copied: 0, rowBytes });
  whole.release("convolution");
}

interface Phase {
  /** Its elements of the input are first, first + step, …, `count` of them. */
  readonly first: number;
  readonly count: number;
  readonly step: number;
  /** Its elements of the window are last, last − step, …, `elements` of them. */
  readonly last: number;
  readonly elements: number;
  /** How far before the gradient its first window begins. */
  readonly padding: number;
}

/** The sets of places along an axis that are read through the same elements of the window. */
function phasesOf({ kernel, stride, padding }: Window, axis: 0 | 1, extent: number): Phase[] {
  const [size, step, pad] = [kernel[axis], stride[axis], padding[axis]];
  return Array.from({ length: Math.min(step, extent) }, (_, first) => {
    const lowest = (first + pad) % step;
    const elements = Math.max(0, Math.ceil((size - lowest) / step));
    return {
      first,
      count: Math.ceil((extent - first) / step),
      step,
      last: lowest + step * (elements - 1),
      elements,
      padding: elements - 1 - (first + pad - lowest) / step,
    };
  });
}
