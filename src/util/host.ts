/**
 * What surrounds the library: a Jupyter kernel, or nothing but a terminal. The library never knows which.
 * The kernel calls `connectHost` before the first cell; without it the terminal host below serves plain Node.
 */
export interface Host {
  /** Show a value now, and keep a handle to replace it in place. */
  display(value: unknown): DisplayHandle;
  /** True once the user has asked the running work to stop. */
  interrupted(): boolean;
  /**
   * Say that `interrupted` will be asked at every step until the returned function is called, however long a step
   * takes: an interrupt then waits for the answer to be seen, where it would otherwise break the step off.
   */
  polling(): () => void;
  /** Be told when the cell ends that runs now, and how. Where there are no cells nothing is told. */
  whenCellEnds(listener: CellEnd): void;
}

/** @param reason what failed, in words */
export type CellEnd = (how: "finished" | "interrupted" | "failed", reason?: string) => void;

export interface DisplayHandle {
  /** Replace what was shown, in place. */
  update(value: unknown): void;
}

/** MIME types to contents, as Jupyter displays it: `{ "text/plain": "…", "text/html": "…" }`. */
export type MimeBundle = Record<string, unknown>;

/** The method by which an object says how it is displayed; the kernel calls it, whatever the library. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display") as never;

export interface Displayable {
  [jupyterDisplay](): MimeBundle;
}

/** Writes the plain-text form: over itself on a terminal, and only its last state where output is a file. */
const terminal: Host = {
  display(value) {
    let latest = "";
    const write = (shown: unknown): void => {
      latest = plainText(shown);
      if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${latest}`);
    };
    process.once("exit", () => process.stdout.write(process.stdout.isTTY ? "\n" : `${latest}\n`));
    write(value);
    return { update: write };
  },
  interrupted: () => false,
  polling: () => () => {},
  whenCellEnds: () => {},
};

const plainText = (value: unknown): string => {
  const shown = (value as Partial<Displayable> | null)?.[jupyterDisplay]?.() ?? {};
  return String(shown["text/plain"] ?? value);
};

/** The host in force. */
export let host: Host = terminal;

/** Let a kernel take over display and interrupts; returns the host it replaces. */
export function connectHost(next: Host): Host {
  const previous = host;
  host = next;
  return previous;
}
