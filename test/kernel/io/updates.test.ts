import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createUpdates } from "../../../kernel/io/updates.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const collect = () => {
  const sent: [string, unknown][] = [];
  const updates = createUpdates(({ id, data }) => sent.push([id, data["text/plain"]]));
  const write = (id: string, value: number): void =>
    updates.write({ origin: 1, id, data: { "text/plain": value } });
  return { sent, updates, write };
};

test("the first update goes at once, of those within 50 ms the latest", () => {
  const { sent, write } = collect();
  for (let value = 0; value < 10; value++) write("a", value);
  expect(sent).toEqual([["a", 0]]);
  vi.advanceTimersByTime(50);
  expect(sent).toEqual([
    ["a", 0],
    ["a", 9],
  ]);
  write("a", 10);
  vi.advanceTimersByTime(50);
  expect(sent.at(-1)).toEqual(["a", 10]);
});

test("displays do not wait for each other", () => {
  const { sent, write } = collect();
  write("a", 1);
  write("b", 2);
  expect(sent).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
});

test("flush sends what waits, once", () => {
  const { sent, updates, write } = collect();
  write("a", 1);
  write("a", 2);
  updates.flush();
  expect(sent).toEqual([
    ["a", 1],
    ["a", 2],
  ]);
  vi.advanceTimersByTime(1000);
  expect(sent).toHaveLength(2);
});
