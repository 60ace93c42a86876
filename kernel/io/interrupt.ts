/**
 * The interrupt ladder: each rung costs the user more than the one below, so each gets its chance first.
 *   1. code that polls the shared flag ends by itself, as `train.fit` does with its partial history;
 *   2. the cell's awaits are rejected and its timers cleared;
 *   3. V8 terminates what does not let the main thread answer; variables stay;
 *   4. a cell that still has no end, though the main thread is free, is settled.
 */
import type { Session } from "node:inspector";
import type { ToUser } from "../channel.ts";
import type { Signals } from "../signals.ts";
import { createTerminator } from "./termination.ts";
import { deferred, within } from "./waiting.ts";

/** Code that has asked within this time whether to stop is taken to ask again; milliseconds. */
const recently = 1000;
/** How long such code may take to see the flag, and then to end. */
const untilSeen = 1000;
const untilEnded = 5000;
/** How long a step may take of code that has said it polls at each; a second interrupt does not wait. */
const untilStepEnds = 60_000;
/** How long a main thread may take to answer before execution is terminated. */
const untilAnswered = 30;
/** The same, once it has answered or been terminated before. */
const untilAnsweredAgain = 15;
/** The same, while work that earlier cells left behind, or this one has, takes the thread from time to time. */
const untilBackgroundYields = 1000;
/** How long a termination may take in all before the main thread is sent another message. */
const untilTerminated = 100;

export interface Interrupter {
  /** Interrupt the running cell. A second call while the first climbs skips the polite rungs. */
  interrupt(): Promise<void>;
  /** Nothing of an interrupt is under way: what runs now cannot be hit by it. */
  finished(): Promise<void>;
  answered(token: number): void;
  seen(): void;
}

export interface Interruptible {
  /** An inspector session with the main thread. */
  session: Session;
  post(message: ToUser): void;
  signals: Signals;
  /** Settles when the running cell does; undefined when none runs. */
  running(): Promise<unknown> | undefined;
  /** Print into the running cell. */
  tell(text: string): void;
}

export function createInterrupter({ session, post, signals, running, tell }: Interruptible): Interrupter {
  const terminator = createTerminator(session, signals);
  const answers = new Map<number, () => void>();
  let tokens = 0;
  let impatient = deferred();
  let seen = deferred();
  let climbing: Promise<void> | undefined;
  /** Whether the main thread still does not answer: what no longer holds must not be terminated. */
  let stuck = false;

  const ask = (type: "interrupt" | "ping"): Promise<void> => {
    const token = ++tokens;
    return new Promise((resolve) => {
      answers.set(token, resolve);
      post({ type, token });
    });
  };

  /** Whether it ended by itself. What does not ask whether to stop is not waited for. */
  const letItEnd = async (settled: Promise<unknown>): Promise<boolean> => {
    const polls = signals.polling();
    if (!polls && signals.sinceLastPoll("running") >= recently) return false;
    const answered = Promise.race([seen.promise, settled, impatient.promise]);
    let isAnswered = await within(answered, untilSeen);
    if (!isAnswered && polls) {
      tell("interrupt: the step under way is being finished; interrupt again to break it off\n");
      isAnswered = await within(answered, untilStepEnds);
    }
    if (isAnswered) await within(Promise.race([settled, impatient.promise]), untilEnded);
    return within(settled, 0);
  };

  const climb = async (settled: Promise<unknown>): Promise<void> => {
    signals.requestInterrupt();
    signals.settleInput(false);
    if (await letItEnd(settled)) return;

    let answer = ask("interrupt");
    const shared = signals.sinceLastPoll("background") < recently;
    let patience = shared ? untilBackgroundYields : untilAnswered;
    let terminated = false;
    let idleTurns = 0;
    for (;;) {
      await within(Promise.all([settled, answer]), patience);
      // A tracked run writes what waits and draws its end: cut short, it would have to begin anew.
      if (signals.ending()) await within(answer, untilEnded);
      patience = shared ? untilBackgroundYields : untilAnsweredAgain;
      if (await within(answer, 0)) {
        if (await within(settled, 0)) {
          if (!terminated) break;
          terminated = false;
          await recover();
          answer = ask("ping");
          patience = untilBackgroundYields;
          continue;
        }
        // Every second one: a termination that strikes late may take the message away.
        if (++idleTurns % 2 === 0) post({ type: "abandon" });
        answer = ask("ping");
        continue;
      }
      idleTurns = 0;
      terminated = true;
      stuck = true;
      void answer.then(() => (stuck = false));
      let struck = true;
      const termination = terminator.terminate(() => stuck).then((didStrike) => (struck = didStrike));
      await within(Promise.race([termination, answer]), untilTerminated);
      if (!struck) patience = 0;
      // The termination may have hit the handler of the very message we sent: send another.
      else if (!(await within(answer, 0))) answer = Promise.race([answer, ask("interrupt")]);
    }
  };

  /** Put Node's bookkeeping right, once nothing is left that would terminate the next cell. */
  const recover = async (): Promise<void> => {
    signals.setTerminating(false);
    await terminator.finished();
    post({ type: "recover" });
  };

  return {
    async interrupt() {
      if (climbing) return impatient.resolve();
      const settled = running();
      if (!settled) return;
      impatient = deferred();
      seen = deferred();
      climbing = climb(settled).finally(() => {
        climbing = undefined;
        answers.clear();
      });
      await climbing;
    },
    finished: async () => climbing,
    answered(token) {
      answers.get(token)?.();
      answers.delete(token);
    },
    seen: () => seen.resolve(),
  };
}
