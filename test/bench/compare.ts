import type { Rates } from "./measure.ts";
import type { Side } from "./side.ts";

/** What one side reached at one task: medians over the rounds and the best chunk of all, or why it reached nothing. */
export type Result = { readonly peer: string; readonly threads: number; readonly task: string } & (
  Rates | { readonly error: string }
);

export interface RunOptions {
  readonly threads: number;
  readonly rounds: number;
  /** For each measurement. */
  readonly seconds: number;
  /** Seconds that a side may take to prepare a task and measure it. */
  readonly limit: number;
}

/**
 * Measure the sides at the tasks. Machines are noisy and noise comes in stretches, so within each round and task the
 * sides take turns, and what is compared is the median over the rounds.
 */
export async function compare(
  sides: readonly Side[],
  tasks: readonly string[],
  options: RunOptions,
): Promise<Result[]> {
  const { threads, rounds, seconds, limit } = options;
  const errors = new Map<string, string>();
  const rates = new Map<string, Rates[]>();
  for (let round = 1; round <= rounds; round++)
    for (const task of tasks)
      for (const side of sides) {
        const key = `${side.name} ${task}`;
        if (errors.has(key)) continue;
        tell(`round ${round} of ${rounds}: ${task}, ${side.name}`);
        const answer = await side.ask<Rates>(`${task} ${seconds}`, limit);
        if ("error" in answer) errors.set(key, answer.error);
        else rates.set(key, [...(rates.get(key) ?? []), answer]);
      }
  tell("");
  return tasks.flatMap((task) =>
    sides.map((side): Result => {
      const key = `${side.name} ${task}`;
      const error = errors.get(key);
      const found = { peer: side.name, threads, task };
      return error === undefined ? { ...found, ...overall(rates.get(key)!) } : { ...found, error };
    }),
  );
}

function overall(rounds: readonly Rates[]): Rates {
  const medians = rounds.map((round) => round.steps_per_s).sort((a, b) => a - b);
  return {
    steps_per_s: medians[medians.length >> 1],
    best: Math.max(...rounds.map((round) => round.best)),
  };
}

/** What is being done, on one line that is written over. */
function tell(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`);
}
