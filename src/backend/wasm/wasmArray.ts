import { type Shape, sizeOf } from "../../util/shape.ts";
import type { Backend, DType, RawArray, TypedArray } from "../backend.ts";
import { created, releasedError } from "../lifetime.ts";
import { allocate, type Block, memory, releaseBlock } from "./memory.ts";

/** One array's claim on its block, apart from the array, so that the safety net can give it back. */
interface Claim {
  readonly block: Block;
  releasedBy: string | undefined;
}

/** For arrays that nobody released; it runs only when the event loop turns, so loops must not count on it. */
const safetyNet = new FinalizationRegistry<Claim>((claim) => {
  if (claim.releasedBy === undefined) releaseBlock(claim.block);
});

/** An array in WebAssembly memory: a pointer and a shape. */
export class WasmArray implements RawArray {
  readonly backend: Backend;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly size: number;
  readonly #claim: Claim;

  constructor(backend: Backend, shape: Shape, dtype: DType, block?: Block) {
    this.backend = backend;
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.#claim = {
      block: block ?? allocate(this.size * (dtype === "uint8" ? 1 : 4)),
      releasedBy: undefined,
    };
    safetyNet.register(this, this.#claim);
    created(this);
  }

  /** The address of the first element, in bytes. */
  get pointer(): number {
    if (this.#claim.releasedBy !== undefined) throw releasedError(this, this.#claim.releasedBy);
    return this.#claim.block.pointer;
  }

  get data(): TypedArray {
    if (this.dtype === "float32") return new Float32Array(memory.buffer, this.pointer, this.size);
    if (this.dtype === "int32") return new Int32Array(memory.buffer, this.pointer, this.size);
    return new Uint8Array(memory.buffer, this.pointer, this.size);
  }

  get released(): boolean {
    return this.#claim.releasedBy !== undefined;
  }

  /** The same memory under another shape. */
  reshaped(shape: Shape): WasmArray {
    void this.pointer; // a released array has no memory to share
    this.#claim.block.references++;
    return new WasmArray(this.backend, shape, this.dtype, this.#claim.block);
  }

  release(by: string): void {
    if (this.#claim.releasedBy !== undefined) return;
    this.#claim.releasedBy = by;
    releaseBlock(this.#claim.block);
  }
}
