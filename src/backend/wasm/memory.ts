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

/** @throws RangeError naming the operation's size when the memory would pass 4 GiB */
export function allocate(bytes: number): Block {
  if (!(bytes <= MAXIMUM_BYTES)) throw outOfMemory(bytes);
  const index = sizeClass(bytes);
  const block = free[index]?.pop() ?? freshBlock(sizeOfClass(index), bytes);
  block.references = 1;
  liveBytes += block.bytes;
  liveBlocks++;
  return block;
}

function freshBlock(size: number, bytes: number): Block {
  const missing = top + size - memory.buffer.byteLength;
  if (missing > 0) grow(missing, bytes);
  const block = { pointer: top, bytes: size, references: 0 };
  top += size;
  return block;
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

function grow(missing: number, bytes: number): void {
  const pages = Math.ceil(missing / PAGE);
  const available = MAXIMUM_PAGES - memory.buffer.byteLength / PAGE;
  if (pages > available) throw outOfMemory(bytes);
  try {
    memory.grow(Math.min(available, Math.max(pages, GROWTH_PAGES)));
  } catch {
    throw outOfMemory(bytes);
  }
}

function outOfMemory(bytes: number): RangeError {
  return new RangeError(
    `out of memory: ${bytes} bytes more than the ${liveBytes} in use pass the 4 GiB of WebAssembly; ` +
      `free tensors with Tensor.scope or dispose(), or use a smaller batch`,
  );
}
