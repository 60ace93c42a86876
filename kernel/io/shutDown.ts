/** The end of a kernel: what runs is interrupted, what was said is sent, and what does not end is ended. */
import type { ToUser } from "../channel.ts";
import type { Interrupter } from "./interrupt.ts";

export interface ShutDownParts {
  interrupter: Interrupter;
  /** Send all that waits to be sent, and close the sockets. */
  flushOutput(): Promise<void>;
  /** From the main thread's inspector. */
  disconnect(): void;
  post(message: ToUser): void;
}

/** How long a kernel that was told to end may take, in milliseconds. */
const untilKilled = 3000;

export function createShutDown({
  interrupter,
  flushOutput,
  disconnect,
  post,
}: ShutDownParts): () => Promise<void> {
  return async () => {
    // Native code that does not return cannot be interrupted; it goes with the process.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), untilKilled);
    // A busy main thread would not hear that it should exit. The second interrupt asks for haste.
    void interrupter.interrupt();
    void interrupter.interrupt();
    await interrupter.finished();
    await flushOutput();
    disconnect();
    post({ type: "exit" });
  };
}
