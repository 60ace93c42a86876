import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as track from "../../src/tracking/index.ts";
import { LineFile } from "../../src/tracking/lineFile.ts";
import { temporaryFolder } from "./folder.ts";

const warn = vi.spyOn(console, "warn");
beforeEach(() => void warn.mockReset().mockImplementation(() => {}));
afterEach(() => {
  vi.useRealTimers();
});

const fileOf = (run: track.Run, kind: string): string =>
  join(
    run.folder,
    readdirSync(run.folder).find((name) => name.startsWith(kind))!,
  );

/** Time in which a failing disk is tried again. */
const aMomentLater = (): void => void vi.advanceTimersByTime(1100);

// /dev/full refuses every write as a full disk does.
test.runIf(process.platform === "linux")(
  "a full disk: training goes on, the user is told once, what was written stays readable",
  () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const folder = temporaryFolder();
    const run = track.run("full", { folder });
    run.log({ loss: 1 });
    const written = fileOf(run, "metrics.");
    const other = track.resume(run.id, { folder });
    symlinkSync("/dev/full", written.replace(/metrics\.\w+/, `metrics.${writerOf(other)}`));
    for (let step = 2; step < 50; step++) {
      other.log({ loss: 1 / step });
      if (step % 10 === 0) aMomentLater();
    }
    other.finish();
    run.finish();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0][0]).toMatch(
      /^track: run "full" in .* cannot be recorded in full: ENOSPC.*Free some space: it is tried again every second\. The training goes on/,
    );
    rmSync(written.replace(/metrics\.\w+/, `metrics.${writerOf(other)}`));
    const stored = track.open(run.id, { folder });
    expect([...stored.curve("loss").values]).toEqual([1]);
    expect([stored.status, stored.lost]).toEqual(["finished", 48]);
  },
);

/** A writer's own name, as its events file bears it. */
function writerOf(run: track.Run): string {
  const writers = readdirSync(run.folder).flatMap((name) => /^events\.(\w+)\./.exec(name)?.[1] ?? []);
  return writers.toSorted().at(-1)!;
}

test("a file that could not be written is tried again", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const path = join(temporaryFolder(), "lines.jsonl");
  const told: string[] = [];
  const file = new LineFile(path, ({ message }) => told.push(message));
  // A folder in its place, which fails for root too.
  mkdirSync(path);
  file.append({ time: 1 });
  file.append({ time: 2 });
  file.flush();
  expect([told.length, file.lost]).toEqual([1, 2]);
  rmSync(path, { recursive: true });
  aMomentLater();
  file.append({ time: 3 });
  file.close();
  expect(readFileSync(path, "utf8")).toBe('{"time":3}\n');
});

test("a folder that cannot be made: training goes on, told once", () => {
  const folder = temporaryFolder();
  // A file where the folder should be, which fails for root too, as a read-only file system does.
  writeFileSync(join(folder, "runs"), "");
  const run = track.run("nowhere", { folder: join(folder, "runs") });
  run.log({ loss: 1 });
  run.histogram("w", [1, 2]);
  run.artifact("a.txt", { contents: "a" });
  run.tag("x");
  run.finish();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0][0]).toMatch(/^track: run "nowhere" .*nothing of it is kept/s);
});

test.runIf(process.platform !== "win32")(
  "a run folder deleted while open: training goes on, told once, and nothing comes back",
  () => {
    vi.useFakeTimers({ toFake: ["performance", "Date"] });
    const folder = temporaryFolder();
    const run = track.run("deleted", { folder });
    run.log({ loss: 1 });
    rmSync(run.folder, { recursive: true });
    for (let step = 2; step < 30; step++) {
      aMomentLater();
      run.log({ loss: 1 / step });
      run.histogram("w", [1, 2]);
    }
    run.artifact("a.txt", { contents: "a" });
    run.finish();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0][0]).toContain("was deleted. Its folder was deleted or moved");
    expect(readdirSync(folder)).toEqual([]);
    expect(() => track.open(run.id, { folder })).toThrow("no run");
  },
);

test("a torn tail is dropped, and a torn line in the middle with it", () => {
  const folder = temporaryFolder();
  const run = track.run("torn", { folder });
  for (let step = 1; step <= 5; step++) run.log({ loss: step });
  run.histogram("w", [1, 2]);
  const [metrics, histograms] = [fileOf(run, "metrics."), fileOf(run, "histograms.")];
  run.finish();
  const lines = readFileSync(metrics, "utf8").split("\n");
  lines[1] = lines[1].slice(0, 12);
  writeFileSync(metrics, lines.join("\n"));
  truncateSync(metrics, lines.join("\n").length - 3);
  writeFileSync(histograms, `${readFileSync(histograms, "utf8")}{"step":9,"na`);
  const stored = track.open(run.id, { folder });
  expect([...stored.curve("loss").values]).toEqual([1, 3, 4]);
  expect(stored.histograms()).toHaveLength(1);
});

test("a damaged run.json is told, and hides no other run", () => {
  const folder = temporaryFolder();
  const [bad, good] = [track.run("bad", { folder }), track.run("good", { folder })];
  bad.finish();
  good.finish();
  writeFileSync(join(bad.folder, "run.json"), '{"id":');
  expect(track.findRuns({ folder }).map(({ name }) => name)).toEqual(["good"]);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0][0]).toMatch(/run\.json is damaged: .*; this run is left out$/s);
  expect(() => track.open(bad.id, { folder })).toThrow("run.json is damaged");
});

test("a writer elsewhere counts as alive while it gives signs of life, and one here while its process runs", () => {
  const folder = temporaryFolder();
  const run = track.run("elsewhere", { folder });
  const events = fileOf(run, "events.");
  const first = JSON.parse(readFileSync(events, "utf8")) as { writer: Record<string, unknown> };
  const status = (writer: Record<string, unknown>): string => {
    writeFileSync(events, `${JSON.stringify({ ...first, writer: { ...first.writer, ...writer } })}\n`);
    return track.open(run.id, { folder }).status;
  };
  expect(status({})).toBe("running");
  expect(status({ started: "1" }), "another process with the same number").toBe(
    process.platform === "linux" ? "crashed" : "running",
  );
  expect(status({ pid: 2 ** 22 - 1, started: "" })).toBe("crashed");
  expect(status({ machine: "another", pid: 1 })).toBe("running");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10 * 60_000 });
  expect(track.open(run.id, { folder }).status).toBe("crashed");
  vi.useRealTimers();
  run.finish();
});
