import type { RawArray } from "../backend.ts";
import { type Job, jobs } from "./jobs.ts";
import { threads } from "./kernels.ts";
import type { WasmArray } from "./wasmArray.ts";

/** Elements of an elementwise chunk: 64 KiB an operand. */
const CHUNK = 16384;
/** Below so many elements waking other threads costs more than it saves. */
export const PARALLEL_ELEMENTS: number = 4 * CHUNK;
const MAXIMUM_JOB_CHUNKS = 2048;

export const pointerOf = (array: RawArray): number => (array as WasmArray).pointer;

/** Share an elementwise job over PARALLEL_ELEMENTS or more among the threads. */
export function runElementwise(job: Job, size: number, args: readonly number[]): void {
  const chunk = Math.max(CHUNK, Math.ceil(size / MAXIMUM_JOB_CHUNKS / 16) * 16);
  threads.run(jobs[job], [size, chunk, ...args], Math.ceil(size / chunk));
}
