/**
 * What tracking adds to a step of T1: one process, the ways of training taking turns step by step, so that whatever else the machine
 * does falls on all alike.
 *
 * Run: node test/bench/trackingCost.ts <rounds>
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random, track } from "../../src/index.ts";
import { gradientNormsOf } from "../../src/train/gradientNorms.ts";
import { table } from "./table.ts";
import { trainings } from "./trainings.ts";

const rounds = Number(process.argv[2]);

random.seed(1);
const { model, step } = trainings.T1();
const folder = mkdtempSync(join(tmpdir(), "gradbook-bench-"));
const run = track.run("cost", { folder });

/** What `train.fit({ track })` writes for a step, without and with the callback `gradientNorms`. */
function logLoss(loss: number): void {
  run.log({ loss });
}
function logNorms(loss: number): void {
  const { norms, total } = gradientNormsOf(model);
  const values: Record<string, number> = { loss, gradientNorm: total };
  for (const name in norms) values[`gradientNorm.${name}`] = norms[name];
  run.log(values);
}

const ways: Readonly<Record<string, (loss: number) => void>> = {
  "without tracking": () => {},
  "the loss of each step": logLoss,
  "gradient norms each step too": logNorms,
};
const names = Object.keys(ways);

/** Milliseconds that a step took in one way. */
function turn(after: (loss: number) => void): number {
  const start = performance.now();
  after(step());
  return performance.now() - start;
}

for (let warmUp = 0; warmUp < 200; warmUp++) for (const name of names) turn(ways[name]);
const taken = new Map<string, number[]>(names.map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  // Another first each time: a turn inherits caches and clock from the one before.
  const order = names.map((_, place) => names[(place + round) % names.length]);
  for (const name of order) taken.get(name)!.push(turn(ways[name]));
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];
const bare = median(taken.get(names[0])!);
const lines = names.map((name) => {
  const time = median(taken.get(name)!);
  return [name, time.toFixed(3), name === names[0] ? "" : `${(100 * (time / bare - 1)).toFixed(2)} %`];
});
console.log(table(["T1, a step", "ms", "added"], lines));

/** The calls alone, which a ratio of steps shows only through noise. */
const alone = Object.entries(ways)
  .slice(1)
  .map(([name, after]) => {
    const calls = 2000;
    const start = performance.now();
    for (let call = 0; call < calls; call++) after(0.5 / (call + 1));
    const each = (performance.now() - start) / calls;
    return [name, (1000 * each).toFixed(1), `${((100 * each) / bare).toFixed(2)} %`];
  });
console.log(`\n${table(["the call alone", "µs", "of a step"], alone)}`);
run.finish();
rmSync(folder, { recursive: true, force: true });
