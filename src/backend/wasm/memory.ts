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
/** Freed blocks by size class, and how much lies in them. */
const free: Block[][] = [];
let freeBytes = 0;
/** What freed blocks became when they were joined: stretches of any size, from which new blocks are cut. */
let gaps: Gap[] = [];
let liveBytes = 0;
let liveBlocks = 0;

/** A block of memory, shared by the arrays that are reshapes of one another. */
export interface Block {
  readonly pointer: number;
  readonly bytes: number;
  references: number;
}

/** Unused memory between blocks. */
interface Gap {
  pointer: number;
  bytes: number;
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
  let block = free[index]?.pop();
  if (block) freeBytes -= block.bytes;
  else block = newBlock(sizeOfClass(index));
  if (!block) throw outOfMemory(bytes);
  block.references = 1;
  liveBytes += block.bytes;
  liveBlocks++;
  return block;
}

/**
 * Freed blocks wait for others of their size, which a training loop asks for again and again. Sizes that never come back
 * would fill the memory, so once they hold a quarter of what is in use they are joined.
 */
function newBlock(size: number): Block | undefined {
  if (freeBytes > liveBytes / 4) joinFreed();
  const found = cutFromGap(size) ?? freshBlock(size);
  if (found || freeBytes === 0) return found;
  joinFreed();
  return cutFromGap(size) ?? freshBlock(size);
}

/** A block of memory that was never used, growing it if need be; undefined where it cannot grow so far. */
function freshBlock(size: number): Block | undefined {
  const missing = top + size - memory.buffer.byteLength;
  if (missing > 0 && !grow(missing)) return undefined;
  const block = { pointer: top, bytes: size, references: 0 };
  top += size;
  return block;
}

/** A block from the beginning of the smallest gap that is big enough. */
function cutFromGap(size: number): Block | undefined {
  let smallest: Gap | undefined;
  for (const gap of gaps) if (gap.bytes >= size && (!smallest || gap.bytes < smallest.bytes)) smallest = gap;
  if (!smallest) return undefined;
  const block = { pointer: smallest.pointer, bytes: size, references: 0 };
  smallest.pointer += size;
  smallest.bytes -= size;
  return block;
}

/** Make gaps of the freed blocks, neighbours together, and give back what lies at the top. */
function joinFreed(): void {
  const pieces: readonly Gap[] = [...gaps, ...free.flat()].sort((a, b) => a.pointer - b.pointer);
  free.length = 0;
  freeBytes = 0;
  gaps = [];
  let end = 0;
  for (const { pointer, bytes } of pieces) {
    if (bytes === 0) continue;
    if (pointer === end) gaps[gaps.length - 1].bytes += bytes;
    else gaps.push({ pointer, bytes });
    end = pointer + bytes;
  }
  if (end === top) top = gaps.pop()!.pointer;
}

export function releaseBlock(block: Block): void {
  if (--block.references > 0) return;
  (free[sizeClass(block.bytes)] ??= []).push(block);
  freeBytes += block.bytes;
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
