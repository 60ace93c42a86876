/** Words in shared memory, for what must reach a main thread too busy to take a message. */
export interface Signals {
  readonly buffer: SharedArrayBuffer;
  /** Note that a cell starts: no interrupt was meant for it, and it has not asked whether to stop. */
  startCell(): void;
  requestInterrupt(): void;
  interruptRequested(): boolean;
  /** Note that code asks whether it should stop: the running cell's, or what an earlier one left at work. */
  notePoll(by: Poller): void;
  /** Milliseconds since such code last asked. */
  sinceLastPoll(by: Poller): number;
  /** Note that the running code is being ended by force. */
  setTerminating(terminating: boolean): void;
  terminating(): boolean;
  /** Note that a cell's code is over, and what was to be told of its end is being told. */
  setEnding(ending: boolean): void;
  ending(): boolean;
  /** Note whether the running code asks at every step, however long one takes. */
  setPolling(polling: boolean): void;
  polling(): boolean;
  /** Note text on its way to the I/O thread, and block while it has too much to do. */
  giveOutput(length: number): void;
  /** Note that such text has arrived. */
  takeOutput(length: number): void;
  /** Start waiting for input; call before asking for it. */
  openInput(): void;
  /** Block until the input is answered (true) or cancelled (false). */
  waitForInput(): boolean;
  waitingForInput(): boolean;
  settleInput(answered: boolean): void;
}

const word = {
  interrupt: 0,
  lastPoll: 1,
  input: 2,
  polling: 3,
  lastBackgroundPoll: 4,
  terminating: 5,
  output: 6,
  ending: 7,
} as const;
/** Milliseconds; 32 bits count up to four times as many. */
const longAgo = 2 ** 30;
/** How much printed text may be on its way between the threads, in UTF-16 units. */
const outputAtOnce = 8_000_000;

const pollOf = { running: word.lastPoll, background: word.lastBackgroundPoll } as const;
const input = { none: 0, waiting: 1, answered: 2, cancelled: 3 } as const;

export type Poller = "running" | "background";

/** Both threads build this over the same buffer. */
export function createSignals(buffer: SharedArrayBuffer = new SharedArrayBuffer(32)): Signals {
  const words = new Int32Array(buffer);
  return {
    buffer,
    startCell() {
      Atomics.store(words, word.interrupt, 0);
      Atomics.store(words, word.polling, 0);
      Atomics.store(words, word.ending, 0);
      Atomics.store(words, word.lastPoll, (Date.now() - longAgo) | 0);
    },
    requestInterrupt: () => void Atomics.store(words, word.interrupt, 1),
    interruptRequested: () => Atomics.load(words, word.interrupt) === 1,
    notePoll: (by) => void Atomics.store(words, pollOf[by], Date.now() | 0),
    sinceLastPoll: (by) => ((Date.now() | 0) - Atomics.load(words, pollOf[by])) >>> 0,
    setTerminating: (terminating) => void Atomics.store(words, word.terminating, terminating ? 1 : 0),
    terminating: () => Atomics.load(words, word.terminating) === 1,
    setEnding: (ending) => void Atomics.store(words, word.ending, ending ? 1 : 0),
    ending: () => Atomics.load(words, word.ending) === 1,
    setPolling: (polling) => void Atomics.store(words, word.polling, polling ? 1 : 0),
    polling: () => Atomics.load(words, word.polling) === 1,
    giveOutput(length) {
      Atomics.add(words, word.output, length);
      for (let onItsWay = Atomics.load(words, word.output); onItsWay > outputAtOnce;) {
        Atomics.wait(words, word.output, onItsWay);
        onItsWay = Atomics.load(words, word.output);
      }
    },
    takeOutput(length) {
      Atomics.sub(words, word.output, length);
      Atomics.notify(words, word.output);
    },
    openInput: () => void Atomics.store(words, word.input, input.waiting),
    waitForInput() {
      Atomics.wait(words, word.input, input.waiting);
      const answered = Atomics.load(words, word.input) === input.answered;
      Atomics.store(words, word.input, input.none);
      return answered;
    },
    waitingForInput: () => Atomics.load(words, word.input) === input.waiting,
    settleInput(answered) {
      const next = answered ? input.answered : input.cancelled;
      if (Atomics.compareExchange(words, word.input, input.waiting, next) === input.waiting)
        Atomics.notify(words, word.input);
    },
  };
}
