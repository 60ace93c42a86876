// Not the global ones, which an interrupt of a cell clears.
import { clearInterval, setInterval } from "node:timers";

/** Lines that follow one another so closely are written together. */
export const millisecondsTogether = 100;

interface WaitingFile {
  flush(): void;
}

const waiting = new Set<WaitingFile>();
let ticking: NodeJS.Timeout | undefined;

/** Have a file's lines written soon, also when nothing more is logged. A process that ends well writes them before. */
export function waitTogether(file: WaitingFile): void {
  waiting.add(file);
  // One clock for all, which goes on while anything is logged: a timer for each would cost more than its lines.
  ticking ??= setInterval(tick, millisecondsTogether).unref();
}

/** Write what waits in this process, so that a reader here finds everything that was logged. */
export function writeWaitingLines(): void {
  for (const file of waiting) file.flush();
  waiting.clear();
}

function tick(): void {
  if (waiting.size === 0) {
    clearInterval(ticking);
    ticking = undefined;
  }
  writeWaitingLines();
}
