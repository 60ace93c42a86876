import { setImmediate } from "node:timers/promises";
import type { Module } from "../nn/index.ts";
import type { Optimizer } from "../optim/index.ts";
import { defaultGenerator } from "../random/index.ts";
import { host } from "../util/host.ts";
import type { Batches } from "./trainingParts.ts";

/** A loader that can be put back to where it stood. */
export interface Restorable {
  state(): unknown;
  restore(state: unknown): void;
}

/**
 * Train a little to find something out, and leave no trace: weights, buffers, the optimizer's memory and learning
 * rate, the loader's place and the session's random numbers are afterwards what they were. The work asks at every step
 * whether it is interrupted.
 */
export async function withoutTrace<T>(
  model: Module,
  optimizer: Optimizer,
  data: Batches,
  work: () => Promise<T>,
): Promise<T> {
  const rated = optimizer as { learningRate?: number };
  const { learningRate } = rated;
  const [weights, memory] = [model.stateDict(), optimizer.stateDict()];
  const randomness = defaultGenerator().state();
  const modes = model.namedModules().map(([, module]) => [module, module.training] as const);
  const loader = isRestorable(data) ? data : undefined;
  const place = loader?.state();
  const polled = host.polling();
  try {
    return await work();
  } finally {
    model.loadStateDict(weights);
    optimizer.loadStateDict(memory);
    optimizer.zeroGrad();
    if (learningRate !== undefined) rated.learningRate = learningRate;
    for (const [module, training] of modes) module.training = training;
    defaultGenerator().restore(randomness);
    loader?.restore(place);
    polled();
  }
}

export const isRestorable = (data: Batches): data is Batches & Restorable =>
  typeof (data as Partial<Restorable>).state === "function" &&
  typeof (data as Partial<Restorable>).restore === "function";

/** To be awaited in a loop: every 20 ms it lets the rest of the session, and an interrupt, have a turn. */
export function takeTurns(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < 20) return;
    await setImmediate();
    began = performance.now();
  };
}
