import { defaultGenerator, type Generator } from "../../random/index.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { ShapeError } from "../../util/errors.ts";
import { formatShape, type Shape, sizeOf } from "../../util/shape.ts";

export type Pixels = Uint8Array | Float32Array | Float64Array;

/** Images `[N, H, W, C]`, bytes or floats. */
export interface Images {
  readonly data: Pixels;
  readonly shape: Shape;
}

/**
 * Makes new images out of images and leaves those alone. What it does depends on the images and on the generator's
 * state, and on nothing else. A tensor in gives a tensor out; `generator` is by default the one that `random.seed`
 * seeds.
 */
export interface Augmentation {
  (images: Tensor, generator?: Generator): Tensor;
  (images: Images, generator?: Generator): Images;
}

/** What a loader asks of an augmentation, and all that one of your own must be. */
export type Transform = (images: Images, generator: Generator) => Images;

/** The sizes of a batch of images. */
export interface Extent {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** An augmentation out of what it does to a batch that was found sound. */
export function augmentation(
  operation: string,
  transform: (images: Images, extent: Extent, generator: Generator) => Images,
): Augmentation {
  const apply = (images: Images, generator: Generator): Images =>
    transform(images, checkedExtent(operation, images), generator);
  return ((images: Tensor | Images, generator: Generator = defaultGenerator()) => {
    // `data` of a tensor is a getter that copies: read it once.
    const result = apply({ data: images.data as Pixels, shape: images.shape }, generator);
    return images instanceof Tensor ? Tensor.from(result.data, result.shape) : result;
  }) as Augmentation;
}

/** The pixels of new images of the same kind, all 0. */
export function blankPixels(like: Pixels, size: number): Pixels {
  if (like instanceof Uint8Array) return new Uint8Array(size);
  return like instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
}

function checkedExtent(operation: string, { data, shape }: Images): Extent {
  const known = data instanceof Uint8Array || data instanceof Float32Array || data instanceof Float64Array;
  if (!known) throw new TypeError(`${operation}: images must be bytes or floats, got int32`);
  if (shape.length !== 4) {
    throw new ShapeError(
      `${operation}: images must be [N, height, width, channels], got ${formatShape(shape)}; ` +
        `a table of numbers has no rows and columns to move`,
    );
  }
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError(`${operation}: ${data.length} numbers do not fill images ${formatShape(shape)}`);
  }
  const [count, height, width, channels] = shape;
  if (height === 0 || width === 0) {
    throw new ShapeError(`${operation}: images ${formatShape(shape)} have no pixels`);
  }
  return { count, height, width, channels };
}
