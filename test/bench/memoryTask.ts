/** The first-symbol memory task over 1,000 symbols, an LSTM and a plain RNN in turn. `npm run bench -- --memory-task` */
import { cellNames, firstSymbol } from "./firstSymbol.ts";
import { table } from "./table.ts";

const task = { times: 1000, hidden: 64, steps: 1200 };
const seeds = [1, 2, 3];
const lines: string[][] = [];
for (const seed of seeds)
  for (const cell of cellNames) {
    const started = performance.now();
    const accuracy = firstSymbol({ ...task, cell, seed });
    const seconds = (performance.now() - started) / 1000;
    lines.push([cell, `${seed}`, `${(100 * accuracy).toFixed(1)} %`, seconds.toFixed(0)]);
    if (process.stderr.isTTY) process.stderr.write(`${lines.at(-1)!.join(" ")}\n`);
  }
console.log(
  `the first of ${task.times} random symbols, eight in the alphabet (chance 12.5 %), hidden ${task.hidden}, ` +
    `${task.steps} steps of Adam on 32 strings\n`,
);
console.log(table(["cell", "seed", "accuracy", "seconds"], lines));
