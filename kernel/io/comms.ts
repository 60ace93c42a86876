/** Comms: named channels between a client and the session's code, opened by either. */
import type { CommContent, CommMessage, CommType, ToUser } from "../channel.ts";

export interface Comms {
  /** Hand a client's message to the main thread; resolves when what listens there has seen it. */
  deliver(kind: CommType, content: CommContent, origin: number): Promise<void>;
  handled(origin: number): void;
  /** The session's code said this. */
  note(message: CommMessage): void;
  /** Those that are open, of this target or of all. */
  open(target?: string): Record<string, { target_name: string }>;
}

export interface CommsParts {
  post: (message: ToUser) => void;
  /** The binary parts of a request. */
  buffersOf: (origin: number) => Uint8Array[];
}

export function createComms({ post, buffersOf }: CommsParts): Comms {
  const targets = new Map<string, string>();
  const waiting = new Map<number, () => void>();

  const note = ({ kind, content: { comm_id, target_name = "" } }: CommMessage): void => {
    if (kind === "comm_open") targets.set(comm_id, target_name);
    if (kind === "comm_close") targets.delete(comm_id);
  };

  return {
    note,
    deliver(kind, content, origin) {
      const message: CommMessage = { origin, kind, content, buffers: buffersOf(origin) };
      note(message);
      return new Promise((resolve) => {
        waiting.set(origin, resolve);
        post({ type: "comm", ...message });
      });
    },
    handled(origin) {
      waiting.get(origin)?.();
      waiting.delete(origin);
    },
    open: (target) =>
      Object.fromEntries(
        [...targets]
          .filter(([, name]) => target === undefined || name === target)
          .map(([id, target_name]) => [id, { target_name }]),
      ),
  };
}
