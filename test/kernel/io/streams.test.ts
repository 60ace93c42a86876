import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createStreams, type StreamChunk } from "../../../kernel/io/streams.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const collect = () => {
  const sent: StreamChunk[] = [];
  return { sent, streams: createStreams((chunk) => sent.push(chunk)) };
};

describe("streams", () => {
  test("what is printed at once travels as one message, 30 ms later", () => {
    const { sent, streams } = collect();
    streams.write({ origin: 1, name: "stdout", text: "a" });
    streams.write({ origin: 1, name: "stdout", text: "b" });
    vi.advanceTimersByTime(29);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual([{ origin: 1, name: "stdout", text: "ab" }]);
    vi.advanceTimersByTime(1000);
    expect(sent).toHaveLength(1);
  });

  test("another stream or another cell keeps the order", () => {
    const { sent, streams } = collect();
    streams.write({ origin: 1, name: "stdout", text: "a" });
    streams.write({ origin: 1, name: "stderr", text: "b" });
    streams.write({ origin: 2, name: "stderr", text: "c" });
    streams.flush();
    expect(sent.map(({ origin, name, text }) => [origin, name, text])).toEqual([
      [1, "stdout", "a"],
      [1, "stderr", "b"],
      [2, "stderr", "c"],
    ]);
  });

  test("64 Ki of text do not wait", () => {
    const { sent, streams } = collect();
    streams.write({ origin: 1, name: "stdout", text: "x".repeat(65_535) });
    expect(sent).toEqual([]);
    streams.write({ origin: 1, name: "stdout", text: "y" });
    expect(sent[0]?.text).toHaveLength(65_536);
  });
});
