/** Our side of the benchmark: `node gradbook.ts <seconds> <task>…` prints a JSON line a task. */
import { threads } from "../../src/backend/wasm/kernels.ts";
import { prepare } from "./tasks.ts";

const chunkMilliseconds = 30;
const [seconds, ...names] = process.argv.slice(2);

for (const name of names) {
  const step = prepare(name);
  const warmUp = performance.now() + 300;
  while (performance.now() < warmUp) step();
  const rates: number[] = [];
  const end = performance.now() + 1000 * Number(seconds);
  while (performance.now() < end) {
    const start = performance.now();
    let steps = 0;
    for (; performance.now() - start < chunkMilliseconds; steps++) step();
    rates.push((1000 * steps) / (performance.now() - start));
  }
  rates.sort((a, b) => a - b);
  const figures = { steps_per_s: rates[rates.length >> 1], best: rates.at(-1) };
  console.log(JSON.stringify({ peer: "gradbook", threads: threads.threads, task: name, ...figures }));
}
