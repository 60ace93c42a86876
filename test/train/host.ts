import { connectHost, type Host, jupyterDisplay } from "../../src/util/host.ts";

/** What was displayed: the first state and each update. */
export interface Shown {
  readonly states: unknown[];
}

/** A stretch of work that polls: how many displays there were as it began, and whether it has ended. */
export interface Polled {
  readonly shownBefore: number;
  ended: boolean;
}

/** Run `work` under a host that records displays, and is interrupted when `interrupted` says so. */
export async function recordingHost<T>(
  work: () => Promise<T>,
  interrupted: (shown: readonly Shown[]) => boolean = () => false,
): Promise<{ result: T; shown: Shown[]; polled: Polled[] }> {
  const shown: Shown[] = [];
  const polled: Polled[] = [];
  const recorder: Host = {
    display(value) {
      const states = [value];
      shown.push({ states });
      return { update: (next) => void states.push(next) };
    },
    interrupted: () => interrupted(shown),
    whenCellEnds: () => {},
    polling() {
      const stretch: Polled = { shownBefore: shown.length, ended: false };
      polled.push(stretch);
      return () => void (stretch.ended = true);
    },
  };
  const previous = connectHost(recorder);
  try {
    return { result: await work(), shown, polled };
  } finally {
    connectHost(previous);
  }
}

/** The plain text of a displayed object. */
export const textOf = (value: unknown): string =>
  String((value as { [jupyterDisplay](): Record<string, unknown> })[jupyterDisplay]()["text/plain"]);
