import type { Pair, Window } from "../backend/window.ts";
import type { PoolKind } from "../backend/backend.ts";
import * as ops from "../ops/index.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape, sameShape } from "../util/shape.ts";
import { checkImages, checkPlaces, pairOf, type Size2d } from "./imageChecks.ts";
import { requireTensor } from "./requireTensor.ts";
import { apply, floating, type Tensor, unify } from "./tensor.ts";

export interface ConvolutionOptions {
  /** How far the window moves from place to place. Default 1. */
  readonly stride?: Size2d;
  /** Rows and columns of zeros around the image. Default 0. */
  readonly padding?: Size2d;
}

export interface TransposedConvolutionOptions extends ConvolutionOptions {
  /**
   * Rows and columns added at the bottom and right of the result; below the stride. It picks one of the sizes that
   * a convolution of this stride makes equal. Default 0.
   */
  readonly outputPadding?: Size2d;
}

export interface PoolingOptions {
  /** How far the window moves from place to place. Default the window's size, so that windows do not overlap. */
  readonly stride?: Size2d;
  /** Rows and columns around the image that windows may reach into; at most half of the window. Default 0. */
  readonly padding?: Size2d;
}

/**
 * Convolution of images with a window of weights, which is not flipped:
 *
 *     y[n, i, j, o] = bias[o] + Σ x[n, i·stride + a − padding, j·stride + b − padding, c] · weight[o, a, b, c]
 *
 * Images [N, H, W, C], weights [O, kernel height, kernel width, C], bias [O] → [N, H', W', O] with
 * H' = ⌊(H + 2·padding − kernel height) / stride⌋ + 1.
 * @throws ShapeError naming the axis that does not fit, RangeError for a stride below 1 or a negative padding
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options: ConvolutionOptions = {},
  activation?: "relu",
): Tensor {
  checkOperands("conv2d", x, weight, bias);
  const window = windowOf("conv2d", kernelOf(weight), options);
  checkPlaces("conv2d", x.shape, window);
  return apply(ops.conv2d, operands(x, weight, bias), { window, ...(activation ? { activation } : {}) });
}

/**
 * Transposed convolution: each place of an image writes its value times the window of weights into the result, where
 * windows that overlap add up. It undoes the shape of a convolution with the same options:
 *
 *     y[n, i·stride + a − padding, j·stride + b − padding, o] = bias[o] + Σ x[n, i, j, c] · weight[o, a, b, c]
 *
 * Images [N, H, W, C], weights [O, kernel height, kernel width, C] (PyTorch keeps them as [C, O, …]), bias [O] →
 * [N, H', W', O] with H' = (H − 1)·stride − 2·padding + kernel height + outputPadding.
 * @throws ShapeError naming the axis that does not fit, RangeError for a stride below 1, a negative padding, or an
 * outputPadding that is not below the stride
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options: TransposedConvolutionOptions = {},
): Tensor {
  const name = "convTranspose2d";
  checkOperands(name, x, weight, bias);
  const window = windowOf(name, kernelOf(weight), options);
  const { kernel, stride, padding, outputPadding } = window;
  const along = (axis: 0 | 1): number =>
    (x.shape[axis + 1] - 1) * stride[axis] - 2 * padding[axis] + kernel[axis] + outputPadding[axis];
  const size = [along(0), along(1)] as const;
  if (x.size(1) < 1 || x.size(2) < 1 || size[0] < 1 || size[1] < 1)
    throw new ShapeError(
      `${name}: images ${formatShape(x.shape)} give results of ${size[0]} by ${size[1]}; ` +
        `use less padding or larger images`,
    );
  return apply(ops.convTranspose2d, operands(x, weight, bias), { window, size });
}

/**
 * The greatest element of each window, per channel: [N, H, W, C] → [N, H', W', C] with
 * H' = ⌊(H + 2·padding − size) / stride⌋ + 1. The gradient goes to the first of equal elements; a NaN is the greatest.
 * @throws ShapeError unless x is [N, H, W, C] and the window fits, RangeError for impossible options
 */
export function maxPool2d(x: Tensor, size: Size2d, options: PoolingOptions = {}): Tensor {
  return pool2d("maxPool2d", "max", x, size, options);
}

/**
 * The average of each window, per channel; places outside the image count as zeros, as in PyTorch by default.
 * Shapes and errors as for `maxPool2d`.
 */
export function averagePool2d(x: Tensor, size: Size2d, options: PoolingOptions = {}): Tensor {
  return pool2d("averagePool2d", "average", x, size, options);
}

/** The sum of each window, per channel. Shapes and errors as for `maxPool2d`. */
export function sumPool2d(x: Tensor, size: Size2d, options: PoolingOptions = {}): Tensor {
  return pool2d("sumPool2d", "sum", x, size, options);
}

function pool2d(name: string, kind: PoolKind, x: Tensor, size: Size2d, options: PoolingOptions): Tensor {
  requireTensor(name, "images", x);
  checkImages(name, x.shape);
  const window = poolingWindow(name, size, options);
  checkPlaces(name, x.shape, window);
  return apply(ops.pool2d, [floating(x)], { kind, window });
}

/** @throws RangeError for sizes and strides below 1, and for padding of more than half of the window */
export function poolingWindow(name: string, size: Size2d, options: PoolingOptions): Window {
  const kernel = pairOf(name, "size", size, 1);
  const window = windowOf(name, kernel, { stride: kernel, ...options });
  for (const axis of [0, 1] as const)
    if (window.padding[axis] > kernel[axis] / 2)
      throw new RangeError(
        `${name}: padding must be at most half of the window, so that each window holds an element; ` +
          `got ${window.padding[axis]} with a window of ${kernel[axis]}`,
      );
  return window;
}

/** @throws RangeError for strides below 1, negative padding, and outputPadding that is not below the stride */
export function windowOf(
  name: string,
  kernel: Pair,
  options: TransposedConvolutionOptions,
): Window & { readonly outputPadding: Pair } {
  const stride = pairOf(name, "stride", options.stride ?? 1, 1);
  const padding = pairOf(name, "padding", options.padding ?? 0, 0);
  const outputPadding = pairOf(name, "outputPadding", options.outputPadding ?? 0, 0);
  for (const axis of [0, 1] as const)
    if (outputPadding[axis] >= stride[axis])
      throw new RangeError(
        `${name}: outputPadding must be below the stride, got ${outputPadding[axis]} with stride ${stride[axis]}`,
      );
  return { kernel, stride, padding, outputPadding };
}

function checkOperands(name: string, x: Tensor, weight: Tensor, bias: Tensor | null | undefined): void {
  const { shape } = weight;
  if (shape.length !== 4 || shape[1] === 0 || shape[2] === 0)
    throw new ShapeError(
      `${name}: weights must be [out, kernel height, kernel width, in], got ${formatShape(shape)}`,
    );
  requireTensor(name, "images", x);
  checkImages(name, x.shape, shape[3], shape);
  if (bias && !sameShape(bias.shape, [shape[0]]))
    throw new ShapeError(
      `${name}: bias ${formatShape(bias.shape)} does not fit weights ${formatShape(shape)}; it must be [${shape[0]}]`,
    );
}

const kernelOf = ({ shape }: Tensor): Pair => [shape[1], shape[2]];

const operands = (x: Tensor, weight: Tensor, bias: Tensor | null | undefined): Tensor[] =>
  unify([x, weight, ...(bias ? [bias] : [])].map(floating));
