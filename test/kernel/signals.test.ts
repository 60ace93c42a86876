import { expect, test } from "vitest";
import { createSignals } from "../../kernel/signals.ts";

const anHour = 3_600_000;

test("a cell that starts has nothing of the one before: neither its interrupt nor that it asked whether to stop", () => {
  const signals = createSignals();
  signals.requestInterrupt();
  signals.setPolling(true);
  signals.notePoll("running");
  signals.notePoll("background");
  expect(signals.sinceLastPoll("running")).toBeLessThan(anHour);

  signals.startCell();
  expect(signals.interruptRequested()).toBe(false);
  expect(signals.polling()).toBe(false);
  expect(signals.sinceLastPoll("running")).toBeGreaterThan(anHour);
  expect(signals.sinceLastPoll("background")).toBeLessThan(anHour);
});
