/**
 * The few words of shared memory by which threads share one job. A job's chunks are claimed one by one from an
 * atomic counter, so a thread that the machine has taken away holds up at most the chunk it is in.
 */

/** Changes with every job: what sleeping threads wait on. */
export const WAKE = 0;
/** Epoch of the job (high bits) and index of the next chunk (low CHUNK_BITS): one word, claimed by compare-exchange. */
export const NEXT = 1;
/** How many chunks the job has. */
export const COUNT = 2;
/** How many are finished. */
export const DONE = 3;
/** Which kernel runs. */
export const JOB = 4;
/** From here, one word a thread: 1 while it may be inside a chunk. */
export const INSIDE = 16;

const CHUNK_BITS = 12;
export const MAXIMUM_CHUNKS: number = (1 << CHUNK_BITS) - 1;
const CHUNK_MASK = MAXIMUM_CHUNKS;
export const MAXIMUM_THREADS = 48;

export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Addresses of the words above, of the job's arguments, and of this thread's scratch. */
  readonly control: number;
  readonly args: number;
  readonly scratch: number;
  readonly index: number;
}

/**
 * Claim and run one chunk; false when none is left. A claim can only succeed while the job is unfinished, and its
 * arguments stay until every claimed chunk is done, so what the chunk reads is the job it claimed.
 */
export function claimChunk(
  words: Int32Array,
  thread: number,
  run: (job: number, chunk: number) => void,
): boolean {
  Atomics.store(words, INSIDE + thread, 1);
  const next = Atomics.load(words, NEXT);
  const chunk = next & CHUNK_MASK;
  const open = chunk < Atomics.load(words, COUNT);
  if (open && Atomics.compareExchange(words, NEXT, next, next + 1) === next) {
    run(words[JOB], chunk);
    Atomics.add(words, DONE, 1);
    Atomics.notify(words, DONE);
  }
  Atomics.store(words, INSIDE + thread, 0);
  return open;
}

/** Open a new job of `count` chunks, whose arguments are already written. */
export function openJob(words: Int32Array, job: number, count: number): void {
  words[JOB] = job;
  Atomics.store(words, DONE, 0);
  // While COUNT changes, NEXT still shows the old job's end, so nothing can be claimed in between.
  Atomics.store(words, NEXT, words[NEXT] | CHUNK_MASK);
  Atomics.store(words, COUNT, count);
  Atomics.store(words, NEXT, ((words[NEXT] >>> CHUNK_BITS) + 1) << CHUNK_BITS);
  Atomics.add(words, WAKE, 1);
  Atomics.notify(words, WAKE);
}

/** Let nobody claim another chunk. */
export function closeJob(words: Int32Array): void {
  Atomics.or(words, NEXT, CHUNK_MASK);
}
