/**
 * Ending what the main thread runs: V8's termination is an exception that JavaScript cannot catch. Node's C++ can, and
 * some of its calls lose it, as the one does that tells Node of a rejected promise; then it takes a debugger's aim.
 */
import type { Debugger, InspectorNotification as Event, Runtime, Session } from "node:inspector";
import { setTimeout as pause } from "node:timers/promises";
import { hooksName } from "../names.ts";
import type { Signals } from "../signals.ts";
import { deferred, within } from "./waiting.ts";

/** How long a termination may take to strike: what runs has just been seen to take messages. Milliseconds. */
const untilStruck = 3;
/** How long an async hook of a cell's may take to return. */
const untilHookReturns = 20;
/** How long work that an earlier cell left behind may keep the thread: the interrupt is not meant for it. */
const untilEarlierYields = 1000;
/** How long the user's code may take to come by, Node's own being left step by step. */
const untilFound = 200;

export interface Terminator {
  /** End what runs, if it is still `stuck` when all is prepared. Whether something was ended. */
  terminate(stuck: () => boolean): Promise<boolean>;
  /** No termination is under way: what runs from now on cannot be hit by one. */
  finished(): Promise<unknown>;
}

/** @param session an inspector session with the main thread */
export function createTerminator(session: Session, signals: Signals): Terminator {
  let underWay: Promise<boolean> | undefined;

  const evaluate = (parameters: Runtime.EvaluateParameterType & { timeout?: number }): Promise<unknown> =>
    new Promise((resolve) => {
      session.post("Runtime.evaluate", parameters, (failure, response) =>
        resolve(failure ? undefined : response.result.value),
      );
    });

  /** Wait for a moment at which a termination does no harm: not amid an async hook, nor an earlier cell's work. */
  const prepare = async (stuck: () => boolean): Promise<void> => {
    const since = performance.now();
    while (stuck()) {
      const waited = performance.now() - since;
      const harmless = { sparing: waited < untilEarlierYields, patient: waited < untilHookReturns };
      const expression = `${hooksName}.prepareForTermination(${JSON.stringify(harmless)})`;
      if ((await evaluate({ expression })) !== false) return;
      // Asked at once, it would answer from the same place in its code.
      await pause(1);
    }
  };

  const strike = async (stuck: () => boolean): Promise<boolean> => {
    await prepare(stuck);
    if (!stuck()) return false;
    signals.setTerminating(true);
    const ended = new Promise<void>((resolve) => session.post("Runtime.terminateExecution", () => resolve()));
    if (await within(ended, untilStruck)) return true;
    // A call of V8's or Node's own takes no messages until it returns.
    await messagesAreTaken();
    if (await within(ended, untilStruck)) return true;
    await absorb();
    return stuck() && strikeUsersCode(stuck);
  };

  /** By a question for which no JavaScript runs: that might end by the termination in place of what is to end. */
  const messagesAreTaken = (): Promise<void> =>
    new Promise((resolve) => session.post("Runtime.getHeapUsage", () => resolve()));

  /** V8 takes no other termination until it has seen code end by the lost one: let that be this code. */
  const absorb = (): Promise<unknown> => evaluate({ expression: "for (;;);", timeout: 1 });

  /** Terminate at a statement of the user's, not in what Node calls for it. The last resort: it takes 25 to 70 ms. */
  const strikeUsersCode = async (stuck: () => boolean): Promise<boolean> => {
    const nodes = new Set<string>();
    const noteScript = ({ params: { url, scriptId } }: Event<Debugger.ScriptParsedEventDataType>): void => {
      if (url.startsWith("node:")) nodes.add(scriptId);
    };
    const struck = deferred();
    const missed = deferred();
    const aim = ({ params: { reason, callFrames } }: Event<Debugger.PausedEventDataType>): void => {
      // Nothing is left to end: disabling the debugger lets the thread go on.
      if (!stuck()) return missed.resolve();
      const [innermost] = callFrames;
      if (innermost && nodes.has(innermost.location.scriptId)) return session.post("Debugger.stepOut");
      // Where V8 takes messages it goes on a little before it ends; at a step it ends right there. A loop of one line
      // has no next statement, so the step is into what it calls.
      if (reason !== "step") return session.post("Debugger.stepInto");
      session.post("Runtime.terminateExecution", struck.resolve);
      session.post("Debugger.resume");
    };
    session.on("Debugger.scriptParsed", noteScript);
    session.on("Debugger.paused", aim);
    try {
      await new Promise<void>((resolve) => session.post("Debugger.enable", () => resolve()));
      if (!stuck()) return false;
      session.post("Debugger.pause");
      await within(Promise.race([struck.promise, missed.promise]), untilFound);
      return await within(struck.promise, 0);
    } finally {
      session.off("Debugger.scriptParsed", noteScript);
      session.off("Debugger.paused", aim);
      await new Promise<void>((resolve) => session.post("Debugger.disable", () => resolve()));
    }
  };

  return {
    terminate: (stuck) =>
      (underWay ??= strike(stuck).finally(() => {
        underWay = undefined;
      })),
    finished: async () => underWay,
  };
}
