import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LatestOnly } from "../../../kernel/labextension/src/latestOnly.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first is drawn at once, then the latest of each interval", async () => {
  const drawn: number[] = [];
  const latest = new LatestOnly<number>(100, async (value) => void drawn.push(value));
  for (const value of [1, 2, 3]) void latest.push(value);
  expect(drawn).toEqual([1]);
  await vi.advanceTimersByTimeAsync(99);
  expect(drawn).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(drawn).toEqual([1, 3]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(drawn).toEqual([1, 3]);
});

test("a draw that takes longer than the interval is never overlapped", async () => {
  let drawing = 0;
  let most = 0;
  const latest = new LatestOnly<number>(100, async () => {
    most = Math.max(most, ++drawing);
    await new Promise((resolve) => setTimeout(resolve, 300));
    drawing--;
  });
  for (let value = 0; value < 10; value++) {
    void latest.push(value);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(most).toBe(1);
});

test("after stop nothing is drawn", async () => {
  const drawn: number[] = [];
  const latest = new LatestOnly<number>(100, async (value) => void drawn.push(value));
  void latest.push(1);
  void latest.push(2);
  latest.stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(drawn).toEqual([1]);
});

test("a draw that fails is told to who pushed, and the next one is drawn", async () => {
  const drawn: number[] = [];
  const latest = new LatestOnly<number>(100, async (value) => {
    if (value === 1) throw new Error("not drawable");
    drawn.push(value);
  });
  await expect(latest.push(1)).rejects.toThrow("not drawable");
  void latest.push(2);
  expect(drawn).toEqual([2]);
});
