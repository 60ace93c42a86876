/** Timers that know their cell, so that an interrupt clears them and code it left behind cannot set new ones. */
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { promisify } from "node:util";
import type { Signals } from "../signals.ts";
import { currentCell, isLatestCells, type RunningCell } from "./cell.ts";

type Timer = NodeJS.Timeout | NodeJS.Immediate;
type SetTimer = (callback: (...values: unknown[]) => void, ...rest: unknown[]) => Timer;

type PromisedTimer = (...values: unknown[]) => Promise<unknown>;

/** Finished timers are forgotten when a cell has made this many. */
const sweepAt = 4096;

const clearTimer = (timer: Timer): void => {
  clearTimeout(timer as NodeJS.Timeout);
  clearImmediate(timer as NodeJS.Immediate);
};

export function installTimers(signals: Signals): void {
  const promises: Record<string, PromisedTimer> = {
    setTimeout: heldIfInterrupted(timersPromises.setTimeout as PromisedTimer),
    setImmediate: heldIfInterrupted(timersPromises.setImmediate as PromisedTimer),
  };
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    const original = timers[name] as unknown as SetTimer;
    const tracked: SetTimer = (callback, ...rest) => {
      const cell = currentCell();
      const timer = original(cell.interrupted ? () => {} : callback, ...rest);
      remember(cell, timer);
      return timer;
    };
    const promised = promises[name];
    if (promised) Object.defineProperty(tracked, promisify.custom, { value: promised });
    Object.defineProperty(tracked, "name", { value: name });
    Object.assign(timers, { [name]: tracked });
    Object.assign(globalThis, { [name]: tracked });
  }
  Object.assign(timersPromises, promises);
  installTicks(signals);
  syncBuiltinESMExports();
}

/**
 * Ticks that ask for ticks never give the thread away: Node goes on with them before it hands on any message, and a
 * termination ends one at most. So a cell that is being terminated gets no more of them.
 */
function installTicks(signals: Signals): void {
  const original = process.nextTick;
  process.nextTick = function nextTick(callback, ...values) {
    if (signals.terminating() && isLatestCells()) return;
    original(callback, ...values);
  };
}

/** A promised timer of an interrupted cell never resolves, so a loop that sleeps on it ends there. */
const heldIfInterrupted =
  (original: PromisedTimer): PromisedTimer =>
  (...values) => {
    const cell = currentCell();
    if (cell.interrupted) return new Promise(() => {});
    return new Promise((resolve, reject) => {
      original(...values).then((value) => {
        if (!cell.interrupted) resolve(value);
      }, reject);
    });
  };

function remember(cell: RunningCell, timer: Timer): void {
  cell.timers.add(timer);
  if (cell.timers.size < sweepAt) return;
  for (const each of cell.timers) if ((each as { _destroyed?: boolean })._destroyed) cell.timers.delete(each);
}

export function clearTimers(cell: RunningCell): void {
  for (const timer of cell.timers) clearTimer(timer);
  cell.timers.clear();
}
