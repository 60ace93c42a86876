import { type Shape, sizeOf } from "../../util/shape.ts";
import type { Backend, DType, Fate, RawArray, TypedArray } from "../backend.ts";
import { created, releasedError } from "../lifetime.ts";
import { allocate, type Block, memory, releaseBlock } from "./memory.ts";

/**
 * For arrays that no scope frees and nobody released. It runs only when the event loop turns, so loops must not
 * count on it; and watching costs more than a small operation, so arrays inside a scope are not watched.
 */
const safetyNet = new FinalizationRegistry<Block>(releaseBlock);

/** An array in WebAssembly memory: a pointer and a shape. */
export class WasmArray implements RawArray {
  readonly backend: Backend;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly size: number;
  fate: Fate = "freed";
  readonly #block: Block;
  #releasedBy: string | undefined;
  #watched = false;

  constructor(backend: Backend, shape: Shape, dtype: DType, block?: Block) {
    this.backend = backend;
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.#block = block ?? allocate(this.size * (dtype === "uint8" ? 1 : 4));
    created(this);
  }

  /** The address of the first element, in bytes. */
  get pointer(): number {
    if (this.#releasedBy !== undefined) throw releasedError(this, this.#releasedBy);
    return this.#block.pointer;
  }

  get data(): TypedArray {
    if (this.dtype === "float32") return new Float32Array(memory.buffer, this.pointer, this.size);
    if (this.dtype === "int32") return new Int32Array(memory.buffer, this.pointer, this.size);
    return new Uint8Array(memory.buffer, this.pointer, this.size);
  }

  get released(): boolean {
    return this.#releasedBy !== undefined;
  }

  /** The same memory under another shape. */
  reshaped(shape: Shape): WasmArray {
    void this.pointer; // a released array has no memory to share
    this.#block.references++;
    return new WasmArray(this.backend, shape, this.dtype, this.#block);
  }

  release(by: string): void {
    if (this.#releasedBy !== undefined) return;
    this.#releasedBy = by;
    // What the net still watches it remembers, in memory of its own, until the event loop turns.
    if (this.#watched) safetyNet.unregister(this);
    releaseBlock(this.#block);
  }

  watch(): void {
    if (this.#watched || this.#releasedBy !== undefined) return;
    this.#watched = true;
    safetyNet.register(this, this.#block, this);
  }
}
