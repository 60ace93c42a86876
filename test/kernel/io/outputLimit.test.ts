import { readFileSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { createOutputLimit, shownAtMost } from "../../../kernel/io/outputLimit.ts";
import type { StreamChunk } from "../../../kernel/io/streams.ts";

const limited = () => {
  const passed: StreamChunk[] = [];
  const limit = createOutputLimit(
    (chunk) => passed.push(chunk),
    (origin) => `cell ${origin}`,
  );
  const text = (name: string): string =>
    passed.flatMap((chunk) => (chunk.name === name ? [chunk.text] : [])).join("");
  return { passed, limit, text };
};
const line = `${"x".repeat(99)}\n`;
const lines = (shownAtMost.text / line.length) | 0;

test("what fits passes as it is, and nothing is told", () => {
  const { limit, passed } = limited();
  limit.write({ origin: 1, name: "stdout", text: line });
  limit.finish(1);
  expect(passed).toEqual([{ origin: 1, name: "stdout", text: line }]);
});

test("what a cell prints beyond the limit is in a file with all the rest, and the cell says so", () => {
  const { limit, text } = limited();
  for (let at = 0; at < lines * 3; at++) limit.write({ origin: 2, name: "stdout", text: line });
  limit.finish(2);
  expect(text("stdout")).toBe(line.repeat(lines));
  const told = text("stderr");
  expect(told).toContain("printed more than 2.0 MB");
  expect(told).toContain("6.0 MB printed, 2.0 MB of it shown; the whole lies in");
  const file = /lies in (\S+)/.exec(told)![1]!;
  expect(file).toContain("cell-2");
  expect(readFileSync(file, "utf8")).toBe(line.repeat(lines * 3));
  expect(statSync(file).mode & 0o077).toBe(0);
  rmSync(dirname(file), { recursive: true });
});

test("cells do not use up each other's room, and a cleared output is empty again", () => {
  const { limit, text } = limited();
  for (const origin of [1, 2])
    for (let at = 0; at < lines; at++) limit.write({ origin, name: "stdout", text: line });
  limit.cleared(1);
  for (let at = 0; at < lines; at++) limit.write({ origin: 1, name: "stdout", text: line });
  expect(text("stderr")).toBe("");
  expect(text("stdout")).toHaveLength(3 * lines * line.length);
});

test("too many displays are left out and counted", () => {
  const { limit, text } = limited();
  const allowed = Array.from({ length: shownAtMost.displays + 5 }, () => limit.allowsDisplay(1));
  expect(allowed.filter(Boolean)).toHaveLength(shownAtMost.displays);
  limit.finish(1);
  expect(text("stderr")).toContain("2005 displays, the first 2000 of them shown");
});

test("a file that cannot be written costs the rest of the output, not the kernel", () => {
  const { limit, text } = limited();
  for (let at = 0; at <= lines; at++) limit.write({ origin: 3, name: "stdout", text: line });
  const file = /goes to (\S+)/.exec(text("stderr"))![1]!;
  rmSync(dirname(file), { recursive: true });
  for (let at = 0; at < lines; at++) limit.write({ origin: 3, name: "stdout", text: line });
  limit.finish(3);
  expect(text("stderr")).toMatch(/could not be written: Error: ENOENT/);
});
