/** What user code must not do to the process, and what becomes of failures that nobody awaits. */
import type { ToIo } from "../channel.ts";
import type { Signals } from "../signals.ts";
import { currentCell, InterruptedError, latestCell } from "./cell.ts";
import type { ImmediateGuard } from "./immediates.ts";
import { describeFailure } from "./traceback.ts";

/** Thrown on purpose by `recover`; nobody needs to hear of it. */
const recovery = new Error("recovering from a termination");

/** Ends the process although `process.exit` is refused to cells. */
export type Exit = (code: number) => never;

export interface Guards {
  exit: Exit;
  /** Tell the user of an error that nobody awaits. */
  report: (error: unknown) => void;
}

export function installGuards(
  post: (message: ToIo) => void,
  signals: Signals,
  immediates: ImmediateGuard,
): Guards {
  const exit = process.exit.bind(process);
  for (const name of ["exit", "abort"] as const)
    Object.assign(process, {
      [name]: () => {
        throw new Error(
          `process.${name} is refused: it would end the kernel and lose every variable. ` +
            "Use Jupyter's Restart Kernel to start afresh, or throw an error to end the cell",
        );
      },
    });

  const report = (error: unknown): void => {
    if (error instanceof InterruptedError || error === recovery) return;
    post({ type: "uncaught", origin: currentCell().origin, failure: describeFailure(error) });
  };
  // Of an interrupted cell there may be a million of these, and its user knows that it did not end well.
  const reportStray = (error: unknown): void => {
    if (immediates.heal(error)) return;
    const cell = currentCell();
    if (!cell.interrupted && !(signals.terminating() && cell === latestCell())) report(error);
  };
  process.on("uncaughtException", reportStray);
  process.on("unhandledRejection", reportStray);
  // Interrupts come as messages. Ctrl-C in Jupyter's terminal reaches us too, and must not end the kernel.
  process.on("SIGINT", () => {});
  return { exit, report };
}

/**
 * A terminated callback leaves Node's stack of async contexts as it was; Node clears it when an exception
 * has been caught, so throw one.
 */
export function recover(): void {
  process.setUncaughtExceptionCaptureCallback(() => process.setUncaughtExceptionCaptureCallback(null));
  throw recovery;
}
