/**
 * Timers and ticks that know their cell, so that an interrupt clears them and code it left behind cannot set new ones.
 * A cell that is being terminated gets no callbacks: there may be thousands, and each would have to be ended by itself.
 */
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { promisify } from "node:util";
import type { Signals } from "../signals.ts";
import { currentCell, isLatestCells, type RunningCell } from "./cell.ts";

type Timer = NodeJS.Timeout | NodeJS.Immediate;
type Callback = (...values: unknown[]) => void;
type SetTimer = (callback: Callback, ...rest: unknown[]) => Timer;

type PromisedTimer = (...values: unknown[]) => Promise<unknown>;

const clearTimer = (timer: Timer): void => {
  clearTimeout(timer as NodeJS.Timeout);
  clearImmediate(timer as NodeJS.Immediate);
};

export function installTimers(signals: Signals): void {
  const unlessTerminating = (callback: Callback): Callback => {
    // Node says what is wrong with it.
    if (typeof callback !== "function") return callback;
    return function (this: unknown, ...values) {
      if (!signals.terminating() || !isLatestCells()) Reflect.apply(callback, this, values);
    };
  };
  const promises: Record<string, PromisedTimer> = {
    setTimeout: heldIfInterrupted(timersPromises.setTimeout as PromisedTimer),
    setImmediate: heldIfInterrupted(timersPromises.setImmediate as PromisedTimer),
  };
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    const original = timers[name] as unknown as SetTimer;
    const tracked: SetTimer = (callback, ...rest) => {
      const cell = currentCell();
      const timer = original(cell.interrupted ? () => {} : unlessTerminating(callback), ...rest);
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
  const tick = process.nextTick;
  process.nextTick = function nextTick(callback, ...values) {
    tick(unlessTerminating(callback as Callback), ...values);
  };
  syncBuiltinESMExports();
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
  if (cell.timers.size < cell.sweepTimersAt) return;
  for (const each of cell.timers) if ((each as { _destroyed?: boolean })._destroyed) cell.timers.delete(each);
  cell.sweepTimersAt = Math.max(cell.sweepTimersAt, 2 * cell.timers.size);
}

export function clearTimers(cell: RunningCell): void {
  for (const timer of cell.timers) clearTimer(timer);
  cell.timers.clear();
}
