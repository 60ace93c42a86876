import { expect, test } from "vitest";
import { createHistory } from "../../../kernel/io/history.ts";

const history = createHistory();
["let a = 1", "a + 1", "let b = 2", "a + 1"].forEach((code, at) => history.add(at + 1, code));
const options = { output: false, raw: true } as const;
const codes = (request: Parameters<typeof history.query>[0]): unknown[] =>
  history.query(request).map((entry) => entry[2]);

test("tail gives the last n", () => {
  expect(history.query({ ...options, hist_access_type: "tail", n: 2 })).toEqual([
    [1, 3, "let b = 2"],
    [1, 4, "a + 1"],
  ]);
});

test("range excludes its stop; other sessions are empty", () => {
  expect(codes({ ...options, hist_access_type: "range", session: 0, start: 2, stop: 4 })).toEqual([
    "a + 1",
    "let b = 2",
  ]);
  expect(codes({ ...options, hist_access_type: "range", session: 7, start: 1, stop: 4 })).toEqual([]);
});

test("search takes * and ?, the last n of them, each once if asked", () => {
  const search = { ...options, hist_access_type: "search", n: 10, unique: false } as const;
  expect(codes({ ...search, pattern: "let ? = *" })).toEqual(["let a = 1", "let b = 2"]);
  expect(codes({ ...search, pattern: "a + 1" })).toEqual(["a + 1", "a + 1"]);
  expect(codes({ ...search, pattern: "a + 1", unique: true })).toEqual(["a + 1"]);
  expect(codes({ ...search, pattern: "*", n: 1 })).toEqual(["a + 1"]);
});
