/** The cell that runs on the main thread: started when nothing of an interrupt is left, watched, settled once. */
import type { Session } from "node:inspector";
import type { CellSource, Outcome, ToUser } from "../channel.ts";
import type { Signals } from "../signals.ts";
import { createInterrupter, type Interrupter } from "./interrupt.ts";
import { createMemoryWatch } from "./memoryWatch.ts";
import { outOfMemory } from "./notices.ts";

export interface CellRunner {
  run(cell: CellSource): Promise<Outcome>;
  /** The main thread has said how the cell of this request ended. */
  settle(origin: number, outcome: Outcome): void;
  /** How messages call the cell of this request while it runs, "cell 3". */
  label(origin: number): string | undefined;
  interrupter: Interrupter;
}

export interface CellRunnerParts {
  /** An inspector session with the main thread. */
  mainThread: Session;
  signals: Signals;
  /** Bytes at which V8 gives up on the main thread's heap. */
  heapLimit: number;
  post: (message: ToUser) => void;
  /** Say something to whoever runs the cell of this request. */
  tell: (origin: number, text: string) => void;
  /** The cell of this request is about to be no longer the running one. */
  ended: (origin: number) => void;
}

interface Running {
  origin: number;
  label: string;
  settle: (outcome: Outcome) => void;
  settled: Promise<Outcome>;
}

export function createCellRunner({
  mainThread,
  signals,
  heapLimit,
  post,
  tell,
  ended,
}: CellRunnerParts): CellRunner {
  let running: Running | undefined;
  const tellRunning = (text: string): void => {
    if (running) tell(running.origin, text);
  };
  const memory = createMemoryWatch(mainThread, heapLimit);
  const interrupter = createInterrupter({
    session: mainThread,
    post,
    signals,
    running: () => running?.settled,
    tell: tellRunning,
  });

  return {
    interrupter,
    label: (origin) => (running?.origin === origin ? running.label : undefined),
    settle(origin, outcome) {
      if (running?.origin === origin) running.settle(outcome);
    },
    async run(cell) {
      await interrupter.finished();
      signals.startCell();
      let settle!: (outcome: Outcome) => void;
      const settled = new Promise<Outcome>((resolve) => (settle = resolve));
      running = { origin: cell.origin, label: cell.script.label, settle, settled };
      memory.start((used) => {
        tellRunning(outOfMemory(used, heapLimit));
        // The second asks for haste.
        void interrupter.interrupt();
        void interrupter.interrupt();
      });
      post({ type: "execute", cell });
      return settled.finally(() => {
        memory.stop();
        ended(cell.origin);
        running = undefined;
      });
    },
  };
}
