import type { RawArray } from "../backend.ts";
import { type Job, jobs } from "./jobs.ts";
import { threads } from "./kernels.ts";
import type { WasmArray } from "./wasmArray.ts";

/** Elements of a chunk of work that goes over each once: 64 KiB an operand. */
export const CHUNK_ELEMENTS = 16384;
/** Below so many elements waking other threads costs more than it saves. */
export const PARALLEL_ELEMENTS: number = 4 * CHUNK_ELEMENTS;
const MAXIMUM_JOB_CHUNKS = 2048;

export const pointerOf = (array: RawArray): number => (array as WasmArray).pointer;

/** Share an elementwise job over PARALLEL_ELEMENTS or more among the threads. */
export function runElementwise(job: Job, size: number, args: readonly number[]): void {
  const chunk = Math.max(CHUNK_ELEMENTS, Math.ceil(size / MAXIMUM_JOB_CHUNKS / 16) * 16);
  threads.run(jobs[job], [size, chunk, ...args], Math.ceil(size / chunk));
}

/**
 * Share tasks of about so many elements each among the threads, as many to a chunk as make it worth its while. The job
 * finds the number of tasks, and of those in a chunk, behind its arguments.
 */
export function runTasks(
  job: Job,
  args: readonly number[],
  tasks: number,
  elements: number,
  more: readonly number[] = [],
): void {
  const chunk = tasks * elements < PARALLEL_ELEMENTS ? tasks : Math.ceil(CHUNK_ELEMENTS / elements);
  const together = Math.max(1, chunk, Math.ceil(tasks / MAXIMUM_JOB_CHUNKS));
  threads.run(jobs[job], [...args, tasks, together, ...more], Math.ceil(tasks / together));
}
