import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import {
  claimChunk,
  closeJob,
  COUNT,
  DONE,
  INSIDE,
  MAXIMUM_THREADS,
  openJob,
  type ThreadData,
} from "./job.ts";
import { allocate, memory } from "./memory.ts";

export type Run = (job: number, args: number, chunk: number, scratch: number) => void;

/** The most that a job takes: a view of 30 axes, which with two elements along each fill the memory. */
const ARGUMENT_SLOTS = 80;

/** Spins before the main thread sleeps for the last chunks of other threads. */
const SPINS = 4000;

/** Runs jobs on every core: the calling thread works too, and workers join as they wake. */
export class ThreadPool {
  readonly threads: number;
  readonly #run: Run;
  readonly #module: WebAssembly.Module;
  readonly #control: number;
  readonly #args: number;
  readonly #scratch: number[];
  readonly #words: Int32Array;
  readonly #slots: Float64Array;
  #started = false;
  #busy = false;

  constructor(module: WebAssembly.Module, run: Run, threads: number, scratchBytes: number) {
    this.threads = threads;
    this.#module = module;
    this.#run = run;
    this.#control = allocate((INSIDE + MAXIMUM_THREADS) * 4).pointer;
    this.#args = allocate(ARGUMENT_SLOTS * 8).pointer;
    this.#scratch = Array.from({ length: threads }, () => allocate(scratchBytes).pointer);
    this.#words = new Int32Array(memory.buffer, this.#control, INSIDE + MAXIMUM_THREADS);
    this.#slots = new Float64Array(memory.buffer, this.#args, ARGUMENT_SLOTS);
    closeJob(this.#words);
  }

  /** Scratch for kernels that the main thread calls directly. */
  get scratch(): number {
    return this.#scratch[0];
  }

  /** Run `count` chunks of a kernel and return when all are done. */
  run(job: number, args: readonly number[], count: number): void {
    if (this.#busy) this.#recover();
    this.#busy = true;
    this.#slots.set(args);
    if (this.threads === 1 || count === 1) {
      for (let chunk = 0; chunk < count; chunk++) this.#run(job, this.#args, chunk, this.scratch);
    } else {
      if (!this.#started) this.#start();
      this.#share(job, count);
    }
    this.#busy = false;
  }

  #share(job: number, count: number): void {
    const words = this.#words;
    openJob(words, job, count);
    const work = (kernel: number, chunk: number): void => this.#run(kernel, this.#args, chunk, this.scratch);
    while (claimChunk(words, 0, work));
    let done = Atomics.load(words, DONE);
    for (let spins = 0; done < words[COUNT]; done = Atomics.load(words, DONE))
      if (++spins > SPINS) Atomics.wait(words, DONE, done);
  }

  #start(): void {
    this.#started = true;
    const file = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
    for (let index = 1; index < this.threads; index++) {
      const workerData: ThreadData = {
        module: this.#module,
        memory,
        control: this.#control,
        args: this.#args,
        scratch: this.#scratch[index],
        index,
      };
      new Worker(file, { workerData, execArgv: [] }).unref();
    }
  }

  /** An interrupt ended the last job halfway: no more of its chunks start, and those in other threads run out. */
  #recover(): void {
    closeJob(this.#words);
    for (let thread = 1; thread < this.threads; thread++)
      while (Atomics.load(this.#words, INSIDE + thread) !== 0);
  }
}

/**
 * `GRADBOOK_THREADS`, or the number of cores.
 * @throws RangeError unless it is an integer from 1 to 48
 */
export function threadCount(): number {
  const asked = process.env.GRADBOOK_THREADS;
  if (asked === undefined || asked === "") return Math.min(MAXIMUM_THREADS, availableParallelism());
  const threads = Number(asked);
  if (!Number.isInteger(threads) || threads < 1 || threads > MAXIMUM_THREADS)
    throw new RangeError(`GRADBOOK_THREADS must be an integer from 1 to ${MAXIMUM_THREADS}, got "${asked}"`);
  return threads;
}
