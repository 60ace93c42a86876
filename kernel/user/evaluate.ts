/**
 * Evaluation in V8's REPL mode, through the main thread's own inspector session: variables stay live across
 * cells, may be declared again, and survive a failure; `await` works at the top.
 */
import { Session, type Runtime } from "node:inspector";
import type { CellSource, Failure, MimeBundle, Outcome, Script } from "../channel.ts";
import type { Signals } from "../signals.ts";
import { createCell, InterruptedError, runInCell, startCell, type RunningCell } from "./cell.ts";
import { mimeBundle } from "./display.ts";
import { valueOf } from "./remoteValues.ts";
import { describeFailure, registerScript } from "./traceback.ts";

/** Node's own, taken before cells' timers are tracked. */
const nextTurn = setImmediate;

/** What the inspector keeps for a cell is released under this name when the cell ends. */
const objectGroup = "cell";

const evaluateOptions = (expression: string): Runtime.EvaluateParameterType => {
  // @types/node does not list replMode, which V8's protocol marks experimental.
  const options = { expression, replMode: true, awaitPromise: true, silent: true, objectGroup };
  return options;
};

export interface Evaluator {
  /** Run a cell; `settle` is called once, with how it ended. */
  execute(cell: CellSource, settle: (outcome: Outcome) => void): void;
  /** Settle the cell if an interrupt has left it without an end. */
  abandon(): void;
  /** V8 is about to be told to terminate what runs; `endTerminated` is to follow. */
  noteTermination(): void;
  /** End the cell that was terminated, if one was. Not amid code: the session may be at work for the cell. */
  endTerminated(): void;
}

/**
 * All of it works by callbacks: V8 drops waiting promise reactions when it terminates one, and the kernel's own
 * would be among them.
 */
export function createEvaluator(signals: Signals): Evaluator {
  let session = connect();
  let isTerminated = false;
  let endCell: (outcome: Outcome) => void = () => {};

  function connect(): Session {
    const connected = new Session();
    connected.connect();
    return connected;
  }

  const reconnect = (): void => {
    session.disconnect();
    session = connect();
  };

  const fail = (error: unknown): void => endCell({ status: "error", failure: describeFailure(error) });

  const evaluate = (expression: string, succeeded: () => void, failed: (error: unknown) => void): void => {
    const own = session;
    own.post("Runtime.evaluate", evaluateOptions(expression), (failure, response) => {
      // Terminated, or the session was closed under a cell that could not end.
      if (failure) return failed(new InterruptedError());
      if (response.exceptionDetails) return failed(thrownValue(own, response.exceptionDetails));
      succeeded();
    });
  };

  const thrownValue = (own: Session, { exception, text }: Runtime.ExceptionDetails): unknown => {
    if (!exception) return new Error(text);
    try {
      return valueOf(own, exception, objectGroup);
    } catch {
      // The session was closed, or its answer terminated; what it has said of the value is left.
      return new Error(exception.description ?? text);
    }
  };

  /** Run a script and describe the value of its last expression, if it has one. */
  const show = (
    cell: RunningCell,
    script: Script,
    shown: (bundle: MimeBundle | undefined) => void,
    failed: (error: unknown) => void,
  ): void => {
    delete cell.result;
    const source = `${script.javaScript}\n//# sourceURL=${registerScript(script)}`;
    evaluate(
      source,
      () => {
        let bundle: MimeBundle | undefined;
        try {
          if (cell.result?.value !== undefined)
            bundle = runInCell(cell, () => mimeBundle(cell.result?.value));
        } catch (error) {
          return failed(error);
        }
        shown(bundle);
      },
      failed,
    );
  };

  const showExpressions = (
    cell: RunningCell,
    scripts: [string, Script][],
    done: (shown: Record<string, MimeBundle | Failure>) => void,
    shown: Record<string, MimeBundle | Failure> = {},
  ): void => {
    const [first, ...rest] = scripts;
    if (!first) return done(shown);
    const [name, script] = first;
    const next = (value: MimeBundle | Failure): void =>
      showExpressions(cell, rest, done, { ...shown, [name]: value });
    show(
      cell,
      script,
      (bundle = {}) => next(bundle),
      (error) => next(describeFailure(error)),
    );
  };

  return {
    execute(source, settle) {
      const cell = createCell(source.origin, source.allowInput);
      isTerminated = false;
      endCell = (outcome) => {
        let ended = false;
        const end = (): void => {
          if (ended) return;
          cell.ending = true;
          signals.setEnding(true);
          try {
            runInCell(cell, () => tellEnd(cell, outcome));
          } finally {
            // A termination passes this by, and `abandon` ends the cell.
            cell.ending = false;
            signals.setEnding(false);
            ended = true;
            settle(outcome);
          }
        };
        // Should a termination take the next turn away, `abandon` ends the cell.
        endCell = end;
        session.post("Runtime.releaseObjectGroup", { objectGroup });
        // What the cell left to the end of this turn, as Node's word of a rejection that nobody handled, is its own.
        nextTurn(end);
      };
      const succeed = (result: MimeBundle | undefined): void =>
        showExpressions(cell, Object.entries(source.expressions), (expressions) => {
          // An interrupt that came in a call which V8 cannot end meets a cell that may be over a moment after.
          if (signals.interruptRequested() && !cell.heeded) fail(new InterruptedError());
          else endCell({ status: "ok", ...(result && { result }), expressions });
        });
      startCell(cell, () => show(cell, source.script, succeed, fail));
    },
    abandon() {
      reconnect();
      fail(new InterruptedError());
    },
    noteTermination() {
      isTerminated = true;
    },
    endTerminated() {
      if (isTerminated) reconnect();
      isTerminated = false;
    },
  };
}

function tellEnd({ endings }: RunningCell, outcome: Outcome): void {
  for (const told of endings) {
    if (outcome.status === "ok") told("finished");
    else if (outcome.failure.name === InterruptedError.name) told("interrupted");
    else told("failed", `${outcome.failure.name}: ${outcome.failure.message}`);
    // Not before: where a termination takes this away, it is done again.
    endings.delete(told);
  }
}
