import { type Shape, sizeOf } from "../../util/shape.ts";
import type { Backend, DType, Fate, RawArray, TypedArray } from "../backend.ts";
import { created, releasedError } from "../lifetime.ts";
import { allocate, type Block, memory, releaseBlock } from "./memory.ts";

/** An array's claim on its block, apart from the array, so that the safety net can give it back. */
interface Claim {
  readonly block: Block;
  given: boolean;
}

/**
 * For arrays that no scope frees and nobody released. It runs only when the event loop turns, so loops must not
 * count on it; and watching costs more than a small operation, so arrays inside a scope are not watched.
 */
const safetyNet = new FinalizationRegistry<Claim>((claim) => {
  if (!claim.given) releaseBlock(claim.block);
});

/** An array in WebAssembly memory: a pointer and a shape. */
export class WasmArray implements RawArray {
  readonly backend: Backend;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly size: number;
  fate: Fate = "freed";
  readonly #block: Block;
  #releasedBy: string | undefined;
  #claim: Claim | undefined;

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
    if (this.#claim) this.#claim.given = true;
    releaseBlock(this.#block);
  }

  watch(): void {
    if (this.#claim || this.#releasedBy !== undefined) return;
    this.#claim = { block: this.#block, given: false };
    safetyNet.register(this, this.#claim);
  }
}
