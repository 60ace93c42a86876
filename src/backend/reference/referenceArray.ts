import { type Shape, sizeOf } from "../../util/shape.ts";
import type { Backend, DType, Fate, RawArray, TypedArray } from "../backend.ts";
import { created, releasedError } from "../lifetime.ts";

export const typedArrays = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const;

/** An array on the JavaScript heap, which the garbage collector frees; released means that it must not be read. */
export class ReferenceArray implements RawArray {
  readonly backend: Backend;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly size: number;
  fate: Fate = "freed";
  #data: TypedArray;
  #releasedBy: string | undefined;

  constructor(backend: Backend, shape: Shape, dtype: DType, data?: TypedArray) {
    this.backend = backend;
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.#data = data ?? new typedArrays[dtype](this.size);
    created(this);
  }

  get data(): TypedArray {
    if (this.#releasedBy !== undefined) throw releasedError(this, this.#releasedBy);
    return this.#data;
  }

  get released(): boolean {
    return this.#releasedBy !== undefined;
  }

  release(by: string): void {
    this.#releasedBy ??= by;
  }

  /** Nothing to do: the heap needs no safety net. */
  watch(): void {}
}
