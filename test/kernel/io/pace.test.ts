import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPace } from "../../../kernel/io/pace.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** jupyter_server drops what makes any window of 3 s exceed these. */
const window = { seconds: 3, messages: 3000, bytes: 3_000_000 };

/** Send all of these as fast as the pace allows; the moment each went. */
const departures = (sizes: number[]): { at: number; size: number }[] => {
  const gone: { at: number; size: number }[] = [];
  const pace = createPace(() => Date.now());
  const start = Date.now();
  for (const size of sizes) pace.push(size, () => gone.push({ at: (Date.now() - start) / 1000, size }));
  vi.advanceTimersByTime(200_000);
  return gone;
};

const worstWindow = (gone: { at: number; size: number }[]): { messages: number; bytes: number } => {
  let [first, messages, bytes] = [0, 0, 0];
  const worst = { messages: 0, bytes: 0 };
  for (const { at, size } of gone) {
    messages++;
    bytes += size;
    while (gone[first]!.at < at - window.seconds) {
      messages--;
      bytes -= gone[first++]!.size;
    }
    worst.messages = Math.max(worst.messages, messages);
    worst.bytes = Math.max(worst.bytes, bytes);
  }
  return worst;
};

test("20,000 displays at once stay below the limit of messages, in order, none lost", () => {
  const gone = departures(Array.from({ length: 20_000 }, () => 0));
  expect(gone).toHaveLength(20_000);
  expect(worstWindow(gone).messages).toBeLessThan(window.messages);
});

test("50 MB of text stay below the limit of bytes", () => {
  const sizes = Array.from({ length: 800 }, (_, at) => 65_536 + at);
  const gone = departures(sizes);
  expect(gone.map(({ size }) => size)).toEqual(sizes);
  expect(worstWindow(gone).bytes).toBeLessThan(window.bytes);
});

test("what is little goes at once, and so does all when it must", () => {
  const sent: number[] = [];
  const pace = createPace(() => Date.now());
  for (let at = 0; at < 2000; at++) pace.push(0, () => sent.push(at));
  expect(sent).toHaveLength(1200);
  pace.rush();
  pace.push(1e9, () => sent.push(2000));
  expect(sent).toEqual(Array.from({ length: 2001 }, (_, at) => at));
});

test("one message larger than the budget goes, after a pause", () => {
  expect(departures([5_000_000, 1]).map(({ size }) => size)).toEqual([5_000_000, 1]);
});
