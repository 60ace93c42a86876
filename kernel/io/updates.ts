/** Thins out the updates of a display: a page redraws slowly, so of many in a moment only the latest matters. */
import type { MimeBundle } from "../channel.ts";

export interface DisplayUpdate {
  origin: number;
  id: string;
  data: MimeBundle;
}

export interface Updates {
  write(update: DisplayUpdate): void;
  /** Send the latest of each display that is held back; none is ever lost. */
  flush(): void;
}

/** The shortest time between two updates of one display, in milliseconds. */
const interval = 50;

export function createUpdates(send: (update: DisplayUpdate) => void): Updates {
  /** Displays updated within the last interval; the update that waits for its end, if one came. */
  const recent = new Map<string, { timer: NodeJS.Timeout; held?: DisplayUpdate }>();

  const rest = (id: string): void => {
    const timer = setTimeout(() => {
      const held = recent.get(id)?.held;
      recent.delete(id);
      if (held) sendNow(held);
    }, interval);
    recent.set(id, { timer });
  };

  const sendNow = (update: DisplayUpdate): void => {
    send(update);
    rest(update.id);
  };

  return {
    write(update) {
      const resting = recent.get(update.id);
      if (resting) resting.held = update;
      else sendNow(update);
    },
    flush() {
      for (const { timer, held } of recent.values()) {
        clearTimeout(timer);
        if (held) send(held);
      }
      recent.clear();
    },
  };
}
