import { connectHost, type Host, jupyterDisplay } from "../../src/util/host.ts";

/** What was displayed: the first state and each update. */
export interface Shown {
  readonly states: unknown[];
}

/** Run `work` under a host that records displays, and is interrupted when `interrupted` says so. */
export async function recordingHost<T>(
  work: () => Promise<T>,
  interrupted: (shown: readonly Shown[]) => boolean = () => false,
): Promise<{ result: T; shown: Shown[] }> {
  const shown: Shown[] = [];
  const recorder: Host = {
    display(value) {
      const states = [value];
      shown.push({ states });
      return { update: (next) => void states.push(next) };
    },
    interrupted: () => interrupted(shown),
  };
  const previous = connectHost(recorder);
  try {
    return { result: await work(), shown };
  } finally {
    connectHost(previous);
  }
}

/** The plain text of a displayed object. */
export const textOf = (value: unknown): string =>
  String((value as { [jupyterDisplay](): Record<string, unknown> })[jupyterDisplay]()["text/plain"]);
