/** Numbers for requests, so that the main thread can name the one its output belongs to. */
import type { Message } from "./wire.ts";

export interface Origins {
  add(request: Message): number;
  get(origin: number): Message | undefined;
}

/** Cells whose late output still finds its way back. */
const remembered = 10_000;

export function createOrigins(): Origins {
  const requests = new Map<number, Message>();
  let last = 0;
  return {
    add(request) {
      requests.set(++last, request);
      requests.delete(last - remembered);
      return last;
    },
    get: (origin) => requests.get(origin),
  };
}
