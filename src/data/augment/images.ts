import { defaultGenerator, type Generator } from "../../random/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
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

/** How to make an augmentation again in another thread, where no function can be sent: its name and its options. */
export interface Recipe {
  readonly operation: string;
  readonly options: unknown;
}

const recipes = new WeakMap<Transform, Recipe>();

/** Undefined for a function that is not one of `augment`, and for a composition that holds one. */
export const recipeOf = (transform: Transform): Recipe | undefined => recipes.get(transform);

/**
 * An augmentation out of what it does to a batch that was found sound.
 * @param options what it was made with; undefined if it cannot be made again from that
 */
export function augmentation(
  operation: string,
  options: unknown,
  transform: (images: Images, extent: Extent, generator: Generator) => Images,
): Augmentation {
  const apply = (images: Images, generator: Generator): Images =>
    transform(images, checkedExtent(operation, images), generator);
  const augment = ((images: Tensor | Images, generator: Generator = defaultGenerator()) => {
    // `data` of a tensor is a getter that copies: read it once.
    const result = apply({ data: images.data as Pixels, shape: images.shape }, generator);
    return isTensor(images) ? classOf(images).from(result.data, result.shape) : result;
  }) as Augmentation;
  if (options !== undefined) recipes.set(augment, { operation, options: structuredClone(options) });
  return augment;
}

// By way of the tensor, so that a thread which only augments need not load the backend.
const isTensor = (images: Tensor | Images): images is Tensor => "raw" in images;
const classOf = (tensor: Tensor): typeof Tensor => tensor.constructor as typeof Tensor;

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
