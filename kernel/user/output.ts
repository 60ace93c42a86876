/** `process.stdout` and `process.stderr`, and with them `console`, write to the cell that calls them. */
import type { ToIo } from "../channel.ts";
import type { Signals } from "../signals.ts";
import { currentCell } from "./cell.ts";

type Done = (error?: Error | null) => void;

export function installOutput(post: (message: ToIo) => void, signals: Signals): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new TextDecoder();
    process[name].write = (
      chunk: string | Uint8Array,
      encoding?: BufferEncoding | Done,
      callback?: Done,
    ): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
      if (text !== "") post({ type: "stream", origin: currentCell().origin, name, text });
      signals.giveOutput(text.length);
      const done = typeof encoding === "function" ? encoding : callback;
      if (done) process.nextTick(done);
      return true;
    };
  }
}
