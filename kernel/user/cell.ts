/**
 * The cell to which the running code belongs. It follows the code through awaits, timers and callbacks, so
 * that output and failures find the cell that caused them, and an interrupt ends that cell's work only.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** @param reason what failed, in words */
export type CellEnd = (how: "finished" | "interrupted" | "failed", reason?: string) => void;

export interface RunningCell {
  origin: number;
  allowInput: boolean;
  /** Once true, nothing more of this cell runs: its awaits never resume, its timers never fire. */
  interrupted: boolean;
  /** It has been told of an interrupt, and ends as it likes. */
  heeded: boolean;
  /** Rejections of the awaits that the cell is suspended at. Held here, or they might be collected. */
  pendingAwaits: Set<(reason: Error) => void>;
  timers: Set<NodeJS.Timeout | NodeJS.Immediate>;
  /** Finished timers are forgotten when there are this many. */
  sweepTimersAt: number;
  /** How many pieces of its work ask at every step whether to stop. */
  polling: number;
  /** Who is told how it ended. */
  endings: Set<CellEnd>;
  /** While they are told: what they do is no longer the cell's work. */
  ending: boolean;
  /** The value of the last expression, once it has been evaluated. */
  result?: { value: unknown };
}

/**
 * Before Node 22 AsyncLocalStorage is made of async hooks, on which Node ends the process when an interrupt terminates
 * a callback. There, code counts as the latest cell's: late output may show in a later cell, but variables survive.
 */
const follows = Number(process.versions.node.split(".")[0]) >= 22;
const context = follows ? new AsyncLocalStorage<RunningCell>() : undefined;

let latest: RunningCell = createCell(0, false);

export function createCell(origin: number, allowInput: boolean): RunningCell {
  return {
    origin,
    allowInput,
    interrupted: false,
    heeded: false,
    pendingAwaits: new Set(),
    timers: new Set(),
    sweepTimersAt: 4096,
    polling: 0,
    endings: new Set(),
    ending: false,
  };
}

/** The cell that the calling code belongs to; the one started last where Node has lost track. */
export function currentCell(): RunningCell {
  return context?.getStore() ?? latest;
}

/** Whether the calling code is known to be the cell's that an interrupt would end, and not at its ending. */
export function isLatestCells(): boolean {
  return context?.getStore() === latest && !latest.ending;
}

/** Whether the calling code is known to be of a cell that an interrupt is meant for. */
export function isInterruptible(): boolean {
  const cell = context ? context.getStore() : latest;
  return cell !== undefined && (cell === latest || cell.interrupted);
}

export function runInCell<T>(cell: RunningCell, body: () => T): T {
  return context ? context.run(cell, body) : body();
}

/** As `runInCell`, for the cell that is now the kernel's running one. */
export function startCell<T>(cell: RunningCell, body: () => T): T {
  latest = cell;
  return runInCell(cell, body);
}

/** The cell started last: the one an interrupt is meant for. */
export function latestCell(): RunningCell {
  return latest;
}

/** What an interrupted `await`, `prompt` or loop throws. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
  constructor() {
    super("the cell was interrupted");
  }
}
