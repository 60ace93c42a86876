/** The I/O worker: it speaks Jupyter's protocol and TypeScript, so the main thread has only cells to run. */
import { parentPort, workerData } from "node:worker_threads";
import type { IoWorkerData, ToIo, ToUser } from "../channel.ts";
import { createSignals } from "../signals.ts";
import { readConnection } from "./connection.ts";
import { createHistory, historyFile } from "./history.ts";
import { openSession, type SessionParts } from "./session.ts";

const { connectionFile, signals, heapLimit, answers } = workerData as IoWorkerData;
const port = parentPort!;

const loadCompiler = async () => {
  const [{ createLanguage }, { completeness }, { createEmitter }] = await Promise.all([
    import("./language/language.ts"),
    import("./language/completeness.ts"),
    import("./emit.ts"),
  ]);
  return { language: createLanguage(), completeness, emitCell: createEmitter() };
};

// TypeScript takes about a second to load and blocks this thread. The first request goes before it.
let loading: ReturnType<SessionParts["compiler"]> | undefined;
const compiler: SessionParts["compiler"] = () => (loading ??= loadCompiler());

const session = await openSession({
  connection: readConnection(connectionFile),
  history: createHistory(historyFile(connectionFile)),
  signals: createSignals(signals),
  heapLimit,
  answers,
  compiler,
  post: (message: ToUser) => port.postMessage(message),
});
port.on("message", (message: ToIo) => session.receive(message));
