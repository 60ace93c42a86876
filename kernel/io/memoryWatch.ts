/** V8 ends the whole process when its heap is full. This interrupts the cell that fills it while there is still room. */
import type { Session } from "node:inspector";

export interface MemoryWatch {
  /** A cell starts. `full` is called at most once, from the I/O thread, if it comes close to the limit. */
  start(full: (used: number, limit: number) => void): void;
  stop(): void;
}

/** How often to look, in milliseconds: a loop may fill a gigabyte in a second. */
const interval = 50;
/**
 * What must stay free, as a part of the limit and in bytes: V8 counts some 250 MB for new objects into the limit, where
 * nothing old can go, and collecting garbage needs room too.
 */
const reserve = { part: 0.15, bytes: 400_000_000 };
/** How many looks in a row must find too little room: V8 may be about to collect garbage. */
const looks = 3;

/** @param session an inspector session with the main thread, which answers amid busy code too */
export function createMemoryWatch(session: Session, limit: number): MemoryWatch {
  let timer: NodeJS.Timeout | undefined;

  const used = (answer: (bytes: number) => void): void =>
    session.post("Runtime.getHeapUsage", (error, usage) => {
      if (!error) answer((usage as unknown as { usedSize: number }).usedSize);
    });

  return {
    start(full) {
      clearTimeout(timer);
      const safe = limit - Math.max(reserve.part * limit, reserve.bytes);
      let mark: number | undefined;
      let above = 0;
      const look = (): void => {
        const own = (timer = setTimeout(() => {
          used((bytes) => {
            if (timer !== own) return;
            // Whoever starts above the mark may have come to free memory: it gets half of what is left.
            mark ??= bytes < safe ? safe : (bytes + limit) / 2;
            above = bytes < mark ? 0 : above + 1;
            if (above < looks) return look();
            full(bytes, limit);
          });
        }, interval));
        own.unref();
      };
      look();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
