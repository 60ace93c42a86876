import { OutOfMemoryError } from "../../util/errors.ts";

const PAGE = 65536;
const MAXIMUM_PAGES = 65536;
const MAXIMUM_BYTES = PAGE * MAXIMUM_PAGES;
/** Grown by at least this much at a time, since each growth makes the views over the memory anew. */
const GROWTH_PAGES = 512;
const ALIGNMENT = 64;

/** The one memory that every kernel and every thread works in. Pages cost nothing until they are written. */
export const memory: WebAssembly.Memory = new WebAssembly.Memory({
  initial: GROWTH_PAGES,
  maximum: MAXIMUM_PAGES,
  shared: true,
});

/** The first page stays unused, so that no array lies at address 0. */
let top = PAGE;
/** Freed blocks by size class. */
const free: Block[][] = [];
let liveBytes = 0;
let liveBlocks = 0;

/** A block of memory, shared by the arrays that are reshapes of one another. */
export interface Block {
  readonly pointer: number;
  readonly bytes: number;
  references: number;
}

/** Sizes are rounded up to four steps between powers of two, so that a freed block serves the next of its class. */
function sizeClass(bytes: number): number {
  if (bytes <= ALIGNMENT * 4) return Math.max(1, Math.ceil(bytes / ALIGNMENT));
  const doublings = 24 - Math.clz32(bytes - 1);
  return doublings * 4 - 4 + Math.ceil(bytes / (ALIGNMENT * 2 ** (doublings - 1)));
}

function sizeOfClass(index: number): number {
  if (index <= 4) return index * ALIGNMENT;
  const doublings = Math.ceil(index / 4) - 1;
  return (index - doublings * 4 + 4) * ALIGNMENT * 2 ** (doublings - 1);
}

/** @throws OutOfMemoryError when the memory would pass 4 GiB */
export function allocate(bytes: number): Block {
  if (!(bytes <= MAXIMUM_BYTES)) throw outOfMemory(bytes);
  const index = sizeClass(bytes);
  const block = free[index]?.pop() ?? freshBlock(sizeOfClass(index)) ?? largerBlock(index);
  if (!block) throw outOfMemory(bytes);
  block.references = 1;
  liveBytes += block.bytes;
  liveBlocks++;
  return block;
}

/** A block of memory that was never used, growing it if need be; undefined where it cannot grow so far. */
function freshBlock(size: number): Block | undefined {
  const missing = top + size - memory.buffer.byteLength;
  if (missing > 0 && !grow(missing)) return undefined;
  const block = { pointer: top, bytes: size, references: 0 };
  top += size;
  return block;
}

/** When nothing else is left, the smallest free block that is big enough, whatever its class. */
function largerBlock(index: number): Block | undefined {
  return free.find((blocks, other) => other > index && blocks?.length > 0)?.pop();
}

export function releaseBlock(block: Block): void {
  if (--block.references > 0) return;
  (free[sizeClass(block.bytes)] ??= []).push(block);
  liveBytes -= block.bytes;
  liveBlocks--;
}

/** What lives in the WebAssembly memory now. */
export function usage(): { bytes: number; blocks: number } {
  return { bytes: liveBytes, blocks: liveBlocks };
}

function grow(missing: number): boolean {
  const pages = Math.ceil(missing / PAGE);
  const available = MAXIMUM_PAGES - memory.buffer.byteLength / PAGE;
  if (pages > available) return false;
  try {
    memory.grow(Math.min(available, Math.max(pages, GROWTH_PAGES)));
    return true;
  } catch {
    return false; // the machine itself has no more
  }
}

function outOfMemory(bytes: number): OutOfMemoryError {
  return new OutOfMemoryError(
    `out of memory: ${bytes} bytes more than the ${liveBytes} in use pass the 4 GiB of WebAssembly; ` +
      `free tensors with Tensor.scope or dispose(), or use a smaller batch`,
  );
}
