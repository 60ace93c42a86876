/**
 * Trains LeNet (T2) for long and shows what memory does; fails unless it is flat after the warm-up and as many tensors
 * live after each step as after the one before.
 *
 * Run: node test/bench/memory.ts 20000
 */
import { memory } from "../../src/backend/wasm/memory.ts";
import { random, Tensor } from "../../src/index.ts";
import { table } from "./table.ts";
import { trainings } from "./trainings.ts";

const steps = Number(process.argv[2]);
const samples = 10;
/** What the collector leaves lying about for a while, and what machines round up to. */
const SLACK_BYTES = 32 << 20;

random.seed(1);
const { step } = trainings.T2();
for (let warmUp = 0; warmUp < steps / samples; warmUp++) step();

const mebibytes = (bytes: number): string => (bytes / 1048576).toFixed(2);
const before = { ...Tensor.memory(), grown: memory.buffer.byteLength, resident: process.memoryUsage.rss() };
const lines: string[][] = [];
const sample = (done: number): void => {
  const { tensors, bytes } = Tensor.memory();
  const sizes = [bytes, memory.buffer.byteLength, process.memoryUsage.rss()];
  lines.push([`${done}`, `${tensors}`, ...sizes.map(mebibytes)]);
};
sample(0);
let uneven = 0;
for (let done = 1; done <= steps; done++) {
  step();
  const { tensors, bytes } = Tensor.memory();
  if (tensors !== before.tensors || bytes !== before.bytes) uneven++;
  if (done % (steps / samples) === 0) sample(done);
}

console.log(`T2, ${steps} steps after ${steps / samples} of warm-up\n`);
console.log(table(["step", "live tensors", "their MiB", "WebAssembly MiB", "process MiB"], lines));
const grown = memory.buffer.byteLength - before.grown;
const gained = process.memoryUsage.rss() - before.resident;
const flat = uneven === 0 && grown === 0 && gained < SLACK_BYTES;
console.log(
  `\n${flat ? "flat" : "NOT FLAT"}: ${uneven} steps left other tensors behind than the warm-up did, WebAssembly grew by ` +
    `${mebibytes(grown)} MiB, the process by ${mebibytes(gained)} MiB`,
);
process.exitCode = flat ? 0 : 1;
