/** What the two threads say to each other: the I/O worker speaks Jupyter, the main thread runs the user's code. */
import type { MessagePort } from "node:worker_threads";

/** MIME types to contents. */
export type MimeBundle = Record<string, unknown>;

/** One piece of code to evaluate, and what is needed to say where in it something failed. */
export interface Script {
  /** How messages call it, "cell 3". */
  label: string;
  /** As the user wrote it. */
  code: string;
  javaScript: string;
  sourceMap: string;
}

export interface CellSource {
  /** Names the request: output made by this cell, however late, comes back under this number. */
  origin: number;
  script: Script;
  /** To evaluate after it, by name. */
  expressions: Record<string, Script>;
  /** False where the client cannot answer `prompt`. */
  allowInput: boolean;
}

export interface Failure {
  name: string;
  message: string;
  traceback: string[];
}

export type Outcome =
  | {
      status: "ok";
      result?: MimeBundle;
      /** To be shown aside, where the client can; it was asked for by `name?`. */
      page?: MimeBundle;
      expressions: Record<string, MimeBundle | Failure>;
    }
  | { status: "error"; failure: Failure };

export type CommType = "comm_open" | "comm_msg" | "comm_close";

export interface CommContent {
  comm_id: string;
  target_name?: string;
  data: Record<string, unknown>;
}

/** What either side of a comm says; binary parts travel beside the JSON. */
export interface CommMessage {
  origin: number;
  kind: CommType;
  content: CommContent;
  buffers: Uint8Array[];
}

/** From the I/O worker to the main thread. */
export type ToUser =
  | { type: "execute"; cell: CellSource }
  | ({ type: "comm" } & CommMessage)
  /** Reject the running cell's awaits and clear its timers; answered as a ping is. */
  | { type: "interrupt"; token: number }
  | { type: "ping"; token: number }
  /** Give up on evaluations that can no longer settle. */
  | { type: "abandon" }
  /** Execution was terminated from outside: put Node's own bookkeeping right. */
  | { type: "recover" }
  | { type: "exit" };

/** From the main thread to the I/O worker. */
export type ToIo =
  | { type: "stream"; origin: number; name: "stdout" | "stderr"; text: string }
  | { type: "display"; origin: number; id: string; data: MimeBundle }
  | { type: "update"; origin: number; id: string; data: MimeBundle }
  | { type: "clear"; origin: number; wait: boolean }
  | ({ type: "comm" } & CommMessage)
  | { type: "input"; origin: number; prompt: string; password: boolean }
  /** A failure that no cell was waiting for: an uncaught exception, an unhandled rejection. */
  | { type: "uncaught"; origin: number; failure: Failure }
  | { type: "settled"; origin: number; outcome: Outcome }
  | { type: "commHandled"; origin: number }
  | { type: "pong"; token: number }
  /** The running code has seen the interrupt flag and will end by itself. */
  | { type: "interruptSeen" };

export interface IoWorkerData {
  connectionFile: string;
  signals: SharedArrayBuffer;
  /** Bytes at which V8 gives up on the main thread's heap. */
  heapLimit: number;
  /** The answer to `prompt` travels here: the main thread is blocked and reads it synchronously. */
  answers: MessagePort;
}
