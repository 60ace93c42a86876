import { expect, test } from "vitest";
import { firstSymbol } from "../bench/firstSymbol.ts";

// `npm run bench -- --memory-task` is the same over 1,000 symbols.
test("an LSTM remembers the first of 100 symbols where a plain RNN, with the same seed and budget, is at chance", () => {
  const options = { times: 100, hidden: 32, steps: 400, seed: 2 };
  expect(firstSymbol({ cell: "LSTM", ...options })).toBeGreaterThanOrEqual(0.99);
  const chance = 1 / 8;
  expect(Math.abs(firstSymbol({ cell: "RNN", ...options }) - chance)).toBeLessThan(0.05);
}, 60_000);
