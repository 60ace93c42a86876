/** A compute thread: claims chunks of the current job until none is left, spins briefly, then sleeps. */
import { workerData } from "node:worker_threads";
import { claimChunk, type ThreadData, WAKE } from "./job.ts";

const { module, memory, control, args, scratch, index } = workerData as ThreadData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const run = exports.run as (job: number, args: number, chunk: number, scratch: number) => void;
const words = new Int32Array(memory.buffer, control);

/** About 50 µs: longer than the pause between two operations of a training step. */
const SPINS = 4000;

for (;;) {
  const seen = Atomics.load(words, WAKE);
  while (claimChunk(words, index, (job, chunk) => run(job, args, chunk, scratch)));
  let spins = 0;
  while (Atomics.load(words, WAKE) === seen && spins < SPINS) spins++;
  if (spins === SPINS) Atomics.wait(words, WAKE, seen);
}
