/** The I/O worker: it speaks Jupyter's protocol, so the main thread has only cells to run. */
import { parentPort, workerData } from "node:worker_threads";
import type { IoWorkerData, ToIo, ToUser } from "../channel.ts";
import { createSignals } from "../signals.ts";
import { startCompiler } from "./compilerProcess.ts";
import { readConnection } from "./connection.ts";
import { createHistory, historyFile } from "./history.ts";

const { connectionFile, signals, heapLimit, answers } = workerData as IoWorkerData;
const port = parentPort!;

// First, for it takes the longest until it is ready; the rest loads meanwhile.
const compiler = startCompiler();
const { openSession } = await import("./session.ts");

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
