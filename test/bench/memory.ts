/**
 * Trains LeNet (T2) for long and shows what memory does; fails unless it is flat after the warm-up and as many tensors
 * live after each step as after the one before.
 *
 * Run: node --expose-gc test/bench/memory.ts 20000
 */
import { memory } from "../../src/backend/wasm/memory.ts";
import { random, Tensor } from "../../src/index.ts";
import { table } from "./table.ts";
import { trainings } from "./trainings.ts";

const steps = Number(process.argv[2]);
const samples = 10;
/** What a process of Node gains and loses without anything having leaked: on its heap, and as a whole. */
const SLACK = { heap: 1 << 20, resident: 32 << 20 };

random.seed(1);
const { step } = trainings.T2();
for (let warmUp = 0; warmUp < steps / samples; warmUp++) step();

const mebibytes = (bytes: number): string => (bytes / 1048576).toFixed(2);
const lines: string[][] = [];
function sample(done: number): { heap: number; resident: number; wasm: number } {
  globalThis.gc!();
  const { heapUsed: heap, rss: resident } = process.memoryUsage();
  const wasm = memory.buffer.byteLength;
  const { tensors, bytes } = Tensor.memory();
  lines.push([`${done}`, `${tensors}`, ...[bytes, wasm, heap, resident].map(mebibytes)]);
  return { heap, resident, wasm };
}

const first = sample(0);
const before = Tensor.memory();
let last = first;
let uneven = 0;
for (let done = 1; done <= steps; done++) {
  step();
  const { tensors, bytes } = Tensor.memory();
  if (tensors !== before.tensors || bytes !== before.bytes) uneven++;
  if (done % (steps / samples) === 0) last = sample(done);
}

console.log(`T2, ${steps} steps after ${steps / samples} of warm-up\n`);
const heading = ["step", "live tensors", "their MiB", "WebAssembly MiB", "heap MiB", "process MiB"];
console.log(table(heading, lines));
const grown = {
  wasm: last.wasm - first.wasm,
  heap: last.heap - first.heap,
  resident: last.resident - first.resident,
};
const flat = uneven === 0 && grown.wasm === 0 && grown.heap < SLACK.heap && grown.resident < SLACK.resident;
console.log(
  `\n${flat ? "flat" : "NOT FLAT"}: ${uneven} steps left other tensors behind than the warm-up did; WebAssembly grew by ` +
    `${mebibytes(grown.wasm)} MiB, the heap by ${mebibytes(grown.heap)}, the process by ${mebibytes(grown.resident)}`,
);
process.exitCode = flat ? 0 : 1;
