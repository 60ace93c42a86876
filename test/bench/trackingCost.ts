/**
 * What tracking adds to a step of T1: one process, the ways of training taking turns of 100 steps, so that whatever else the
 * machine does falls on all alike: how much longer a step takes, and how long the calls take within it.
 *
 * Run: node test/bench/trackingCost.ts <rounds>
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random, track } from "../../src/index.ts";
import { gradientNormsOf } from "../../src/train/gradientNorms.ts";
import { dotted } from "../../src/util/dotted.ts";
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
  for (const name in norms) values[dotted("gradientNorm", name)] = norms[name];
  run.log(values);
}

const ways: Readonly<Record<string, (loss: number) => void>> = {
  "without tracking": () => {},
  "the loss of each step": logLoss,
  "gradient norms each step too": logNorms,
};
const names = Object.keys(ways);

/** So long that lines which are written together are written within it. */
const stepsOfATurn = 100;

interface Turn {
  /** Milliseconds of it all. */
  readonly whole: number;
  /** Those that went into tracking, with the caches as a step leaves them. */
  readonly tracking: number;
}

function turn(after: (loss: number) => void): Turn {
  let tracking = 0;
  const start = performance.now();
  for (let count = 0; count < stepsOfATurn; count++) {
    const loss = step();
    const stepped = performance.now();
    after(loss);
    tracking += performance.now() - stepped;
  }
  return { whole: performance.now() - start, tracking };
}

for (let warmUp = 0; warmUp < 5; warmUp++) for (const name of names) turn(ways[name]);
const taken = new Map<string, Turn[]>(names.map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  // Another first each time: a turn inherits caches and clock from the one before.
  const order = names.map((_, place) => names[(place + round) % names.length]);
  for (const name of order) taken.get(name)!.push(turn(ways[name]));
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];
const percent = (ratio: number): string => `${(100 * ratio).toFixed(2)} %`;
const [bare, ...tracked] = names.map((name) => taken.get(name)!);
/** Asking the time, which the calls' times hold too. */
const clock = median(bare.map(({ tracking }) => tracking));
const lines = tracked.map((turns, way) => {
  // Each against the turn beside it, so that what the machine does besides falls on both.
  const added = median(turns.map(({ whole }, round) => whole / bare[round].whole)) - 1;
  const calls = turns.map(({ tracking }) => tracking - clock);
  const share = median(calls.map((call, round) => call / bare[round].whole));
  return [names[way + 1], percent(added), ((1000 * median(calls)) / stepsOfATurn).toFixed(1), percent(share)];
});
const bareStep = (median(bare.map(({ whole }) => whole)) / stepsOfATurn).toFixed(2);
console.log(`a step of T1 without tracking: ${bareStep} ms`);
console.log(table(["tracking", "a step takes longer by", "its calls, µs", "of a step"], lines));
run.finish();
rmSync(folder, { recursive: true, force: true });
