import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { schedules } from "../../src/optim/index.ts";

const golden = (
  JSON.parse(readFileSync(new URL("../reference/optimizers.json", import.meta.url), "utf8")) as {
    schedules: Record<string, number[]>;
  }
).schedules;

const cases = {
  step: schedules.step(3, 0.4),
  exponential: schedules.exponential(0.9),
  cosine: schedules.cosine(8, 0.2),
  warmUp: schedules.warmUp(4, schedules.cosine(6)),
  oneCycle: schedules.oneCycle(20),
  oneCycleWithOptions: schedules.oneCycle(20, { rise: 0.25, first: 0.1, last: 0.001 }),
};

test.each(Object.entries(cases))("%s equals PyTorch's, step by step", (name, schedule) => {
  for (const [t, expected] of golden[name].entries())
    expect(Math.abs(schedule(t) - expected), `step ${t}`).toBeLessThan(1e-14);
});

describe("beyond the end", () => {
  test.each([
    ["cosine stays at its lowest", schedules.cosine(8, 0.2), [8, 9, 1e9], 0.2],
    ["warmUp stays at 1", schedules.warmUp(4), [3, 4, 1e9], 1],
    ["oneCycle stays at its end", schedules.oneCycle(20, { last: 0.01 }), [19, 20, 1e9], 0.01],
    ["exponential ends at 0", schedules.exponential(0.9), [1e9], 0],
    ["step ends at 0", schedules.step(2), [1e9], 0],
  ])("%s", (_name, schedule, steps, expected) => {
    for (const t of steps) expect(schedule(t)).toBe(expected);
  });
});

test("the smallest ones: one step up, one down, a cycle of two", () => {
  expect([0, 1].map(schedules.warmUp(1))).toEqual([1, 1]);
  expect([0, 1].map(schedules.cosine(1))).toEqual([1, 0]);
  const cycle = [0, 1].map(schedules.oneCycle(2, { last: 0 }));
  expect(cycle[1]).toBe(0);
  expect(cycle[0]).toBeGreaterThan(0);
  expect(cycle[0]).toBeLessThanOrEqual(1);
  // Its rise is over with the first step.
  expect(schedules.oneCycle(10, { rise: 0.1 })(0)).toBe(1);
});

test.each([
  [() => schedules.step(0), "schedules.step: every must be an integer >= 1, got 0"],
  [() => schedules.step(3, -1), "schedules.step: factor must be >= 0, got -1"],
  [() => schedules.exponential(NaN), "schedules.exponential: factor must be >= 0, got NaN"],
  [() => schedules.cosine(1.5), "schedules.cosine: steps must be an integer >= 1, got 1.5"],
  [() => schedules.cosine(3, -1), "schedules.cosine: lowest must be >= 0, got -1"],
  [() => schedules.warmUp(0), "schedules.warmUp: steps must be an integer >= 1, got 0"],
  [() => schedules.oneCycle(1), "schedules.oneCycle: steps must be an integer >= 2, got 1"],
  [() => schedules.oneCycle(9, { rise: 1 }), "schedules.oneCycle: rise must lie in (0, 1), got 1"],
  [() => schedules.oneCycle(9, { first: -1 }), "schedules.oneCycle: first must be >= 0, got -1"],
])("%#: %s", (make, message) => {
  expect(make).toThrow(new RangeError(message));
});
