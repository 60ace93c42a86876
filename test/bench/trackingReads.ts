/**
 * How long reading takes: 10 million numbers of 100 runs to filter and group, and a comparison of 500 runs.
 *
 * Run: node --max-old-space-size=8192 test/bench/trackingReads.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { op } from "arquero";
import { random, track } from "../../src/index.ts";
import { table } from "./table.ts";

const root = mkdtempSync(join(tmpdir(), "gradbook-bench-"));
const lines: string[][] = [];

function timed<T>(what: string, work: () => T): T {
  const start = performance.now();
  const result = work();
  lines.push([what, ((performance.now() - start) / 1000).toFixed(2)]);
  return result;
}

/** Runs of `steps` steps with four metrics each, as `log` writes them, though in one piece. */
function record(folder: string, runs: number, steps: number): void {
  const generator = random.generator(1);
  for (let place = 0; place < runs; place++) {
    const run = track.run(`run ${place}`, {
      folder,
      params: {
        optimizer: ["SGD", "Adam", "RMSProp"][place % 3],
        learningRate: 1 / (1 + place),
        batchSize: 32,
      },
    });
    const text: string[] = [];
    for (let step = 1; step <= steps; step++) {
      const loss = 2 / step + generator.uniform();
      text.push(
        `{"step":${step},"time":${1_700_000_000_000 + step},"loss":${loss},"accuracy":${1 / loss},` +
          `"gradientNorm":${loss * loss},"learningRate":0.01}\n`,
      );
    }
    writeFileSync(join(run.folder, "metrics.01ARZ3NDEKTSV4RRFFQ69G5FAV.jsonl"), text.join(""));
    run.finish();
  }
}

const many = join(root, "many");
record(many, 100, 25_000);
timed("10 million numbers: the first reading, which makes the cache", () =>
  track.findRuns({ folder: many }).map(({ metrics }) => metrics),
);
timed("a table of the runs", () => track.runs({ folder: many }));
const all = timed("a table of all 10 million", () => track.metrics({ folder: many, params: "optimizer" }));
timed("group by run, mean and least", () =>
  all.groupby("id").rollup({ mean: op.mean("value"), least: op.min("value") }),
);
timed("group by optimizer", () => all.groupby("params.optimizer").rollup({ mean: op.mean("value") }));
timed("filter by step", () => all.filter("(row) => row.step > 20000").count());
timed("one metric: table, filter, group by optimizer and mean", () =>
  track
    .metrics({ folder: many, metrics: "loss", params: "optimizer" })
    .filter("(row) => row.step > 5000")
    .groupby("params.optimizer")
    .rollup({ mean: op.mean("value") })
    .objects(),
);
timed("all together: open, table of 10 million, filter, group", () =>
  track
    .metrics({ folder: many, params: "optimizer" })
    .filter("(row) => row.step > 20000")
    .groupby("params.optimizer")
    .rollup({ mean: op.mean("value") })
    .objects(),
);

const wide = join(root, "wide");
record(wide, 500, 2_000);
timed("500 runs of 2,000 steps: the first reading", () =>
  track.findRuns({ folder: wide }).map(({ metrics }) => metrics),
);
timed("compare 500 runs: differences, table, a curve of each at 500 points", () => {
  const compared = track.compare({}, { folder: wide });
  return [compared.table(), compared.curves("loss", { points: 500 })];
});
console.log(table(["reading", "s"], lines));
rmSync(root, { recursive: true, force: true });
