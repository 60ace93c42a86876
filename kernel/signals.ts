/** Words in shared memory, for what must reach a main thread too busy to take a message. */
export interface Signals {
  readonly buffer: SharedArrayBuffer;
  requestInterrupt(): void;
  clearInterrupt(): void;
  interruptRequested(): boolean;
  /** Note that the running code asks whether it should stop. */
  notePoll(): void;
  /** Milliseconds since the running code last asked. */
  sinceLastPoll(): number;
  /** Start waiting for input; call before asking for it. */
  openInput(): void;
  /** Block until the input is answered (true) or cancelled (false). */
  waitForInput(): boolean;
  settleInput(answered: boolean): void;
}

const word = { interrupt: 0, lastPoll: 1, input: 2 } as const;
const input = { none: 0, waiting: 1, answered: 2, cancelled: 3 } as const;

/** Both threads build this over the same buffer. */
export function createSignals(buffer: SharedArrayBuffer = new SharedArrayBuffer(12)): Signals {
  const words = new Int32Array(buffer);
  return {
    buffer,
    requestInterrupt: () => void Atomics.store(words, word.interrupt, 1),
    clearInterrupt: () => void Atomics.store(words, word.interrupt, 0),
    interruptRequested: () => Atomics.load(words, word.interrupt) === 1,
    notePoll: () => void Atomics.store(words, word.lastPoll, Date.now() | 0),
    sinceLastPoll: () => ((Date.now() | 0) - Atomics.load(words, word.lastPoll)) >>> 0,
    openInput: () => void Atomics.store(words, word.input, input.waiting),
    waitForInput() {
      Atomics.wait(words, word.input, input.waiting);
      const answered = Atomics.load(words, word.input) === input.answered;
      Atomics.store(words, word.input, input.none);
      return answered;
    },
    settleInput(answered) {
      const next = answered ? input.answered : input.cancelled;
      if (Atomics.compareExchange(words, word.input, input.waiting, next) === input.waiting)
        Atomics.notify(words, word.input);
    },
  };
}
