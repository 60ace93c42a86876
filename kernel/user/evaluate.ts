/**
 * Evaluation in V8's REPL mode, through the main thread's own inspector session: variables stay live across
 * cells, may be declared again, and survive a failure; `await` works at the top.
 */
import { Session, type Runtime } from "node:inspector";
import type { CellSource, Failure, MimeBundle, Outcome, Script } from "../channel.ts";
import { createCell, currentCell, InterruptedError, startCell } from "./cell.ts";
import { mimeBundle } from "./display.ts";
import { describeFailure, registerScript } from "./traceback.ts";

/** What the inspector keeps for a cell is released under this name when the cell ends. */
const objectGroup = "cell";

const evaluateOptions = (expression: string): Runtime.EvaluateParameterType => {
  // @types/node does not list replMode, which V8's protocol marks experimental.
  const options = { expression, replMode: true, awaitPromise: true, silent: true, objectGroup };
  return options;
};

export interface Evaluator {
  execute(cell: CellSource): Promise<Outcome>;
  /** Settle evaluations that an interrupt left without an end. */
  abandon(): void;
  /** Called from outside while user code runs, just before V8 is told to terminate it. */
  prepareForTermination(): void;
}

/**
 * @param hooks where `caught` is found by code running in the inspector, as `globalThis[hooksName].caught`
 */
export function createEvaluator(hooksName: string): Evaluator & { caught(error: unknown): void } {
  let session = connect();
  let thrown: { error: unknown } | undefined;
  /** Depth of synchronous evaluation: to disconnect under one would pull the session from beneath it. */
  let evaluating = 0;

  function connect(): Session {
    const connected = new Session();
    connected.connect();
    return connected;
  }

  const reconnect = (): void => {
    session.disconnect();
    session = connect();
  };

  /** Run one script; what it throws is thrown, as the same object. */
  const evaluate = (expression: string): Promise<void> =>
    new Promise((resolve, reject) => {
      evaluating++;
      const own = session;
      own.post("Runtime.evaluate", evaluateOptions(expression), (failure, response) => {
        // Terminated, or the session was closed under a cell that could not end.
        if (failure) return reject(new InterruptedError());
        const exceptionDetails = response.exceptionDetails;
        if (!exceptionDetails) return resolve();
        reject(thrownValue(own, exceptionDetails));
      });
      evaluating--;
    });

  /** The inspector knows the thrown value by number; hand it over through `caught`. */
  const thrownValue = (own: Session, { exception, text }: Runtime.ExceptionDetails): unknown => {
    if (!exception) return new Error(text);
    const { objectId, unserializableValue, value } = exception;
    const argument = objectId ? { objectId } : unserializableValue ? { unserializableValue } : { value };
    thrown = undefined;
    own.post("Runtime.evaluate", { expression: "globalThis", objectGroup }, (_, response) => {
      const { objectId: globalId } = response.result;
      if (globalId === undefined) return;
      own.post("Runtime.callFunctionOn", {
        objectId: globalId,
        functionDeclaration: `function (error) { this.${hooksName}.caught(error); }`,
        arguments: [argument],
      });
    });
    return thrown ? (thrown as { error: unknown }).error : new Error(exception.description ?? text);
  };

  const shown = async (script: Script): Promise<MimeBundle | undefined> => {
    const running = currentCell();
    delete running.result;
    await evaluate(`${script.javaScript}\n//# sourceURL=${registerScript(script)}`);
    const { result } = running as { result?: { value: unknown } };
    return result && result.value !== undefined ? mimeBundle(result.value) : undefined;
  };

  const execute = async (cell: CellSource): Promise<Outcome> => {
    try {
      const result = await shown(cell.script);
      const expressions: Record<string, MimeBundle | Failure> = {};
      for (const [name, script] of Object.entries(cell.expressions))
        expressions[name] = await shown(script).then((bundle) => bundle ?? {}, describeFailure);
      return { status: "ok", ...(result && { result }), expressions };
    } catch (error) {
      return { status: "error", failure: describeFailure(error) };
    } finally {
      session.post("Runtime.releaseObjectGroup", { objectGroup });
    }
  };

  return {
    execute: (cell) => startCell(createCell(cell.origin, cell.allowInput), () => execute(cell)),
    abandon: reconnect,
    prepareForTermination() {
      if (evaluating === 0) reconnect();
    },
    caught: (error) => void (thrown = { error }),
  };
}
