import { appendFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { desc, op } from "arquero";
import { expect, test } from "vitest";
import * as track from "../../src/tracking/index.ts";
import { jupyterDisplay } from "../../src/util/host.ts";
import { temporaryFolder } from "./folder.ts";

/** Three runs: two of a kind, one that failed. */
function threeRuns(): { folder: string; ids: string[] } {
  const folder = temporaryFolder();
  const settings = [
    { name: "slow", rate: 0.001, tags: ["sweep"] },
    { name: "fast", rate: 0.1, tags: ["sweep", "best"] },
    { name: "odd", rate: 0.1, tags: [] },
  ];
  const ids = settings.map(({ name, rate, tags }, place) => {
    const run = track.run(name, {
      folder,
      tags,
      notes: `Tried ${place + 1} times`,
      params: { optimizer: { name: "SGD", rate }, batchSize: 32 },
    });
    for (let step = 1; step <= 4; step++) run.log({ loss: (place + 1) / step }, { step });
    if (name === "odd") {
      run.log({ accuracy: 0.5 }, { step: 4 });
      run.finish("failed", "no memory");
    } else run.finish();
    return run.id;
  });
  return { folder, ids };
}

test("runs are a table: what they are, their parameters, and last, least and greatest of each metric", () => {
  const { folder, ids } = threeRuns();
  const table = track.runs({ folder });
  expect(table.columnNames()).toEqual([
    ...["id", "name", "status", "started", "duration", "tags", "notes"],
    ...["params.optimizer.name", "params.optimizer.rate", "params.batchSize"],
    ...["loss", "loss.min", "loss.max", "accuracy", "accuracy.min", "accuracy.max"],
  ]);
  expect(table.array("id")).toEqual(ids);
  expect(table.array("loss")).toEqual([0.25, 0.5, 0.75]);
  expect(table.array("loss.max")).toEqual([1, 2, 3]);
  expect(table.array("accuracy")).toEqual([undefined, undefined, 0.5]);
  expect(table.orderby(desc("params.optimizer.rate")).array("name")).toEqual(["fast", "odd", "slow"]);
});

test.each([
  [{ tags: "sweep" }, ["slow", "fast"]],
  [{ tags: ["sweep", "best"] }, ["fast"]],
  [{ status: "failed" }, ["odd"]],
  [{ status: ["failed", "finished"], name: "slow" }, ["slow"]],
  [{ search: "0.001" }, ["slow"]],
  [{ search: "FAST" }, ["fast"]],
  [{ search: "tried 2" }, ["fast"]],
  [{ search: "Best" }, ["fast"]],
  [{ search: "optimizer.rate" }, ["slow", "fast", "odd"]],
  [{ where: ({ metrics }: track.StoredRun) => metrics["loss"].min > 0.4 }, ["fast", "odd"]],
  [{ search: "nothing of this kind" }, []],
] as [track.RunsOptions, string[]][])("runs(%j)", (conditions, names) => {
  const { folder } = threeRuns();
  expect(track.runs({ folder, ...conditions }).array("name")).toEqual(names);
});

test("no folder is no runs", () => {
  expect(track.runs({ folder: join(temporaryFolder(), "none") }).numRows()).toBe(0);
});

test("open takes the beginning or end of an id, and says what it finds otherwise", () => {
  const { folder, ids } = threeRuns();
  expect(track.open(ids[1].slice(-6).toLowerCase(), { folder }).name).toBe("fast");
  expect(() => track.open("zzz", { folder })).toThrow(
    /no run "zzz" in .*, which holds 3; track\.runs\(\) lists them/,
  );
  expect(() => track.open(ids[0].slice(0, 4), { folder })).toThrow(
    /3 runs begin or end with .*; give more of the id/,
  );
});

test("numbers of many runs in one table, to filter and group; groups are what hashing every row finds", () => {
  const { folder } = threeRuns();
  const table = track.metrics({ folder, metrics: "loss", params: "optimizer.rate" });
  expect(table.numRows()).toBe(12);
  const means = (grouped: "name" | "params.optimizer.rate"): unknown =>
    table
      .groupby(grouped)
      .rollup({ mean: op.mean("value"), count: op.count() })
      .objects();
  expect(means("params.optimizer.rate")).toEqual([
    { "params.optimizer.rate": "0.001", mean: expect.closeTo(25 / 48, 12), count: 4 },
    { "params.optimizer.rate": "0.1", mean: expect.closeTo((5 * 25) / 96, 12), count: 8 },
  ]);
  const plain = table.reify().derive({ name: (row: { name: string }) => row.name });
  expect(means("name")).toEqual(
    plain
      .groupby("name")
      .rollup({ mean: op.mean("value"), count: op.count() })
      .objects(),
  );
  const late = table
    .filter((row: { step: number }) => row.step > 2)
    .groupby("name")
    .rollup({ n: op.count() });
  expect(late.objects()).toEqual([
    { name: "slow", n: 2 },
    { name: "fast", n: 2 },
    { name: "odd", n: 2 },
  ]);
});

test("compare: parameters that differ stand first, curves side by side", () => {
  const { folder, ids } = threeRuns();
  const compared = track.compare(ids.slice(0, 2), { folder });
  expect(compared.differences).toEqual(["optimizer.rate"]);
  expect(compared.shared).toEqual({ "optimizer.name": "SGD", batchSize: 32 });
  expect(compared.table().columnNames()).toEqual([
    ...["name", "params.optimizer.rate", "loss", "loss.min", "loss.max"],
    ...["status", "duration", "id", "params.optimizer.name", "params.batchSize"],
  ]);
  expect(compared.curves("loss")).toEqual([
    {
      id: ids[0],
      name: "slow",
      steps: Float64Array.of(1, 2, 3, 4),
      values: Float64Array.from([1, 1 / 2, 1 / 3, 1 / 4]),
    },
    {
      id: ids[1],
      name: "fast",
      steps: Float64Array.of(1, 2, 3, 4),
      values: Float64Array.from([2, 1, 2 / 3, 1 / 2]),
    },
  ]);
  const lines = String(compared[jupyterDisplay]()["text/plain"]).split("\n");
  expect(lines[1]).toMatch(/^optimizer\.rate +0\.001 +0\.1$/);
  expect(compared[jupyterDisplay]()["text/html"]).toContain("<td");
  expect(() => compared.curves("los")).toThrow('none of these runs has a metric "los"; they have loss');
  expect(() => track.compare({ tags: "none" }, { folder })).toThrow("track.compare: no run fits");
});

test("annotations come from anywhere and disturb no writer", () => {
  const { folder, ids } = threeRuns();
  track.open(ids[0], { folder }).annotate({ tags: ["kept"], notes: "the one", params: { grade: 1 } });
  expect(track.open(ids[0], { folder })).toMatchObject({
    status: "finished",
    tags: ["sweep", "kept"],
    notes: "the one",
    params: { grade: 1, batchSize: 32 },
  });
});

test("the cache may lag, be damaged or vanish at any moment: what is read is what was written", () => {
  const folder = temporaryFolder();
  const run = track.run("long", { folder });
  const cache = join(folder, ".cache", `${run.id}.columns`);
  const log = (from: number, to: number): void => {
    for (let step = from; step <= to; step++) run.log({ a: 1 / step, [`b${step % 2}`]: step }, { step });
  };
  const steps = (): number[] => [...track.open(run.id, { folder }).curve("a").steps];
  const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
  log(1, 2000);
  expect(existsSync(cache)).toBe(false);
  expect(steps()).toEqual(upTo(2000));
  expect(existsSync(cache)).toBe(true);
  log(2001, 2010);
  expect(steps()).toEqual(upTo(2010));
  log(2011, 5000);
  const opened = track.open(run.id, { folder });
  expect(opened.metrics["b0"]).toEqual({ count: 2500, last: 5000, lastStep: 5000, min: 2, max: 5000 });
  // Another reader writes a cache of its own over the one that was opened.
  log(5001, 9000);
  expect(steps()).toEqual(upTo(9000));
  expect([...opened.curve("a").steps].slice(0, 5000)).toEqual(upTo(5000));
  rmSync(cache);
  expect([...opened.curve("b1").values].slice(0, 3)).toEqual([1, 3, 5]);
  appendFileSync(cache, "not a cache");
  expect(steps()).toEqual(upTo(9000));
  // Without a place for it everything is read from the text.
  rmSync(join(folder, ".cache"), { recursive: true });
  appendFileSync(join(folder, ".cache"), "");
  expect(steps()).toEqual(upTo(9000));
  run.finish();
});

test("a line that is longer than what is read at a time", () => {
  const folder = temporaryFolder();
  const run = track.run("wide", { folder });
  const values = Object.fromEntries(
    Array.from({ length: 1000 }, (_, place) => [`${place} ${"x".repeat(600)}`, place + 1 / 3]),
  );
  run.log({ loss: 1 });
  run.log(values);
  run.log({ loss: 2 });
  run.finish();
  const { metrics } = track.open(run.id, { folder });
  expect(Object.keys(metrics)).toEqual(["loss", ...Object.keys(values)]);
  expect(metrics["loss"].count).toBe(2);
  expect(Object.values(metrics).at(-1)?.last).toBe(999 + 1 / 3);
});

test("a run is deleted with its cache, one that is running is not", () => {
  const { folder, ids } = threeRuns();
  const running = track.run("running", { folder });
  expect(() => track.deleteRuns(track.findRuns({ folder }))).toThrow(
    `run "running" ${running.id} is running`,
  );
  expect(track.findRuns({ folder })).toHaveLength(4);
  track.deleteRuns([track.open(ids[0], { folder })]);
  expect(readdirSync(folder)).not.toContain(ids[0]);
  running.finish();
});
