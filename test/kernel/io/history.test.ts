import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createHistory, historyFile, type History } from "../../../kernel/io/history.ts";

let folder: string;
let file: string;
let history: History;
const fill = (into: History): void =>
  ["let a = 1", "a + 1", "let b = 2", "a + 1"].forEach((code, at) => into.add(at + 1, code));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradbook-history-"));
  file = historyFile(join(folder, "kernel-1.json"));
  history = createHistory(file);
  fill(history);
});
afterEach(() => rmSync(folder, { recursive: true }));

const options = { output: false, raw: true } as const;
const codes = (request: Parameters<History["query"]>[0]): unknown[] =>
  history.query(request).map((entry) => entry[2]);

describe("what is asked for", () => {
  test("tail gives the last n", () => {
    expect(history.query({ ...options, hist_access_type: "tail", n: 2 })).toEqual([
      [1, 3, "let b = 2"],
      [1, 4, "a + 1"],
    ]);
  });

  test("range excludes its stop; other sessions are empty", () => {
    const range = { ...options, hist_access_type: "range", start: 2, stop: 4 } as const;
    expect(codes({ ...range, session: 0 })).toEqual(["a + 1", "let b = 2"]);
    expect(codes({ ...range, session: 7 })).toEqual([]);
  });

  test("search takes * and ?, the last n of them, each once if asked", () => {
    const search = { ...options, hist_access_type: "search", n: 10, unique: false } as const;
    expect(codes({ ...search, pattern: "let ? = *" })).toEqual(["let a = 1", "let b = 2"]);
    expect(codes({ ...search, pattern: "a + 1" })).toEqual(["a + 1", "a + 1"]);
    expect(codes({ ...search, pattern: "a + 1", unique: true })).toEqual(["a + 1"]);
    expect(codes({ ...search, pattern: "*", n: 1 })).toEqual(["a + 1"]);
  });

  test("outputs come where they are asked for", () => {
    history.finish(4, "2");
    expect(history.query({ hist_access_type: "tail", n: 2, output: true, raw: true })).toEqual([
      [1, 3, ["let b = 2", null]],
      [1, 4, ["a + 1", "2"]],
    ]);
  });
});

describe("across restarts", () => {
  test("the next process is the next session and knows the last, outputs and all", () => {
    history.finish(4, "2");
    const next = createHistory(file);
    next.add(1, "'again'");
    expect(next.query({ hist_access_type: "tail", n: 2, output: true, raw: true })).toEqual([
      [1, 4, ["a + 1", "2"]],
      [2, 1, ["'again'", null]],
    ]);
    const range = { ...options, hist_access_type: "range", start: 1, stop: 2 } as const;
    expect(next.query({ ...range, session: 0 })).toEqual([[2, 1, "'again'"]]);
    expect(next.query({ ...range, session: -1 })).toEqual([[1, 1, "let a = 1"]]);
    expect(next.query({ ...range, session: 1 })).toEqual([[1, 1, "let a = 1"]]);
  });

  test("half a line that a killed process left is passed over", () => {
    appendFileSync(file, '{"session":1,"count":5,"co');
    const next = createHistory(file);
    expect(next.query({ ...options, hist_access_type: "tail", n: 1 })).toEqual([[1, 4, "a + 1"]]);
  });

  test("others may not read it, and it goes with the kernel", () => {
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file, "utf8")).toContain("let b = 2");
    history.end(false);
    expect(existsSync(file)).toBe(false);
  });

  test("a process that was not told to end is known to have crashed, with the cell it ran", () => {
    expect(createHistory(file).crash()).toEqual({ count: 4, code: "a + 1" });
    history.finish(4);
    expect(createHistory(file).crash()).toEqual({ count: undefined, code: "" });
    history.end(true);
    const next = createHistory(file);
    expect(next.crash()).toBeUndefined();
    expect(next.query({ ...options, hist_access_type: "tail", n: 1 })).toEqual([[1, 4, "a + 1"]]);
    expect(createHistory(join(folder, "none")).crash()).toBeUndefined();
  });

  test("a folder that cannot be written to costs the file, not the history", () => {
    const lost = createHistory(join(folder, "missing", "kernel.history.jsonl"));
    fill(lost);
    expect(lost.query({ ...options, hist_access_type: "tail", n: 1 })).toEqual([[1, 4, "a + 1"]]);
  });
});
