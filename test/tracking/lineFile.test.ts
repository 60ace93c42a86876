import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import * as track from "../../src/tracking/index.ts";
import { LineFile } from "../../src/tracking/lineFile.ts";
import { temporaryFolder } from "./folder.ts";

/** What the next writes take at most, in bytes, one after another, or why they fail. Without any, all is taken. */
const takes: (number | "ENOSPC")[] = [];
/** Why all writes fail. */
let broken: "EROFS" | undefined;
const sizes: number[] = [];

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    writeSync(descriptor: number, bytes: Uint8Array, offset: number): number {
      const most = broken ?? takes.shift() ?? Infinity;
      if (typeof most === "string") throw Object.assign(new Error(`${most}: refused`), { code: most });
      sizes.push(Math.min(most, bytes.length - offset));
      return fs.writeSync(descriptor, bytes, offset, sizes[sizes.length - 1]);
    },
  };
});

afterEach(() => {
  takes.length = 0;
  sizes.length = 0;
  broken = undefined;
  vi.useRealTimers();
});

const unexpected = ({ message }: Error): void => expect.unreachable(message);

interface Line {
  readonly time: number;
  readonly text: string;
}
const linesOf = (path: string): string[] => readFileSync(path, "utf8").split("\n");

test("a system that takes a few bytes at a time gets all of them", () => {
  const path = join(temporaryFolder(), "lines.jsonl");
  const file = new LineFile<Line>(path, unexpected);
  takes.push(1, 5, 2, 0, 7);
  file.append({ time: 1, text: "zwölf" });
  file.append({ time: 2, text: "Boxkämpfer" });
  file.close();
  expect(linesOf(path)).toEqual(['{"time":1,"text":"zwölf"}', '{"time":2,"text":"Boxkämpfer"}', ""]);
  expect(file.lost).toBe(0);
});

test("many lines go in pieces of about a megabyte, one that is longer by itself", () => {
  const path = join(temporaryFolder(), "lines.jsonl");
  const file = new LineFile<Line>(path, unexpected);
  const text = "x".repeat(300_000);
  const items = Array.from({ length: 20 }, (_, time) => ({ time, text }));
  items[10] = { time: 10, text: "y".repeat(3_000_000) };
  for (const item of items) file.append(item);
  file.close();
  expect(linesOf(path).slice(0, -1)).toEqual(items.map((item) => JSON.stringify(item)));
  expect(Math.max(...sizes.filter((size) => size < 3_000_000))).toBeLessThan(1_400_000);
});

test("a disk that becomes full amid a piece: whole lines stay, the others are counted, and later ones follow on a line of their own", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const path = join(temporaryFolder(), "lines.jsonl");
  const told: string[] = [];
  const file = new LineFile<Line>(path, ({ message }) => told.push(message));
  const text = "x".repeat(600_000);
  file.append({ time: 0, text });
  // Pieces of two lines each: the second is taken up to the middle of its second line.
  for (let time = 1; time <= 8; time++) file.append({ time, text });
  takes.push(Infinity, 900_000, "ENOSPC");
  file.flush();
  expect(told).toHaveLength(1);
  expect(file.lost).toBe(5);
  vi.advanceTimersByTime(1100);
  file.append({ time: 9, text: "after" });
  file.close();
  const lines = linesOf(path);
  expect(lines.map((line) => /^\{"time":(\d)/.exec(line)?.[1])).toEqual([
    ...["0", "1", "2", "3", "4", "9", undefined],
  ]);
  expect(lines[4]).toHaveLength(900_000 - lines[3].length - 1);
  expect(lines[5]).toBe('{"time":9,"text":"after"}');
  expect(file.lost).toBe(5);
});

test("a disk that becomes read-only amid a run: it goes on, told once, what was written stays, and later numbers are kept again", () => {
  vi.useFakeTimers({ toFake: ["performance", "Date"] });
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const folder = temporaryFolder();
  const run = track.run("on a drive", { folder });
  const log = (from: number, to: number): void => {
    for (let step = from; step <= to; step++) {
      run.log({ loss: 1 / step }, { step });
      run.histogram("w", [1, 2]);
      vi.advanceTimersByTime(300);
    }
  };
  log(1, 10);
  broken = "EROFS";
  log(11, 30);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0][0]).toMatch(
    /cannot be recorded in full: EROFS: refused\. Choose a folder you may/,
  );
  expect([...track.open(run.id, { folder }).curve("loss").steps]).toEqual(upTo(10));
  broken = undefined;
  vi.advanceTimersByTime(1100);
  log(31, 40);
  run.finish();
  const stored = track.open(run.id, { folder });
  expect([...stored.curve("loss").steps]).toEqual([...upTo(10), ...upTo(40).slice(30)]);
  expect([stored.status, stored.lost]).toEqual(["finished", 40]);
  expect(warn).toHaveBeenCalledTimes(1);
  warn.mockRestore();
});

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
