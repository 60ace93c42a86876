/** The kernel's main thread: it runs the user's cells and nothing else. `node … main.js <connection file>` */
import { pathToFileURL } from "node:url";
import { getHeapStatistics } from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import type { CellSource, CommMessage, IoWorkerData, Outcome, ToIo, ToUser } from "./channel.ts";
import { hooksName } from "./names.ts";
import { createSignals } from "./signals.ts";
import { interruptible, interruptibleSteps, rejectAwaits } from "./user/awaits.ts";
import {
  type CellEnd,
  createCell,
  currentCell,
  isInterruptible,
  latestCell,
  runInCell,
} from "./user/cell.ts";
import { createComms } from "./user/comm.ts";
import { installHookSwitch } from "./user/asyncHooks.ts";
import { createDisplays } from "./user/display.ts";
import { createEvaluator } from "./user/evaluate.ts";
import { installGuards, recover } from "./user/guards.ts";
import { installImmediateGuard } from "./user/immediates.ts";
import { installInterruptibleJson } from "./user/interruptibleJson.ts";
import { installOutput } from "./user/output.ts";
import { createImporter, defineGlobal, preloadPackage } from "./user/preload.ts";
import * as markup from "./user/markup.ts";
import { createPrompt } from "./user/prompt.ts";
import { clearTimers, installTimers } from "./user/timers.ts";
import { describeFailure, installStackFormat } from "./user/traceback.ts";

const [, program = "main.js", connectionFile] = process.argv;
if (connectionFile === undefined) {
  console.error(`usage: node ${program} <connection file>; Jupyter starts kernels, see: gradbook install`);
  process.exit(2);
}

// The worker starts first: it can answer Jupyter while this thread loads the library.
const signals = createSignals();
const { port1: answers, port2: answerPort } = new MessageChannel();
const workerData: IoWorkerData = {
  connectionFile,
  signals: signals.buffer,
  heapLimit: getHeapStatistics().heap_size_limit,
  answers: answerPort,
};
const io = new Worker(new URL("./io/main.js", import.meta.url), {
  workerData,
  transferList: [answerPort],
  stdout: true,
  stderr: true,
});
const writeToServerLog = process.stderr.write.bind(process.stderr);
for (const stream of [io.stdout, io.stderr]) stream.on("data", (chunk: Buffer) => writeToServerLog(chunk));

const post = (message: ToIo): void => io.postMessage(message);
const nextTurn = setImmediate;
const immediates = installImmediateGuard();
const { exit, report } = installGuards(post, signals, immediates);
io.on("error", (error) => {
  writeToServerLog(`gradbook kernel: the I/O thread failed: ${error.stack ?? error}\n`);
  exit(1);
});
io.on("exit", () => exit(0));

installOutput(post, signals);
installStackFormat();
installTimers(signals);
installInterruptibleJson(signals);
const hooks = installHookSwitch(report);

const displays = createDisplays(post);
const { comms, receive } = createComms(post);
const evaluator = createEvaluator(signals);
const importModule = createImporter();

defineGlobal("display", displays.display);
defineGlobal("clearOutput", displays.clearOutput);
defineGlobal("prompt", createPrompt(post, signals, answers));
defineGlobal("comm", comms);
for (const [name, show] of Object.entries(markup)) defineGlobal(name, show);
defineGlobal(hooksName, {
  await: interruptible,
  steps: interruptibleSteps,
  import: importModule,
  meta: { url: pathToFileURL(`${process.cwd()}/`).href, dirname: process.cwd() },
  result: (value: unknown) => void (currentCell().result = { value }),
  prepareForTermination({ sparing, patient }: { sparing: boolean; patient: boolean }) {
    if (sparing && !isInterruptible()) return false;
    const isReady = hooks.suspend(patient);
    if (isReady) evaluator.noteTermination();
    return isReady;
  },
});

const interrupted = (): boolean => {
  const cell = currentCell();
  if (cell.interrupted) return true;
  const isRunning = cell === latestCell();
  signals.notePoll(isRunning ? "running" : "background");
  // An interrupt is meant for the running cell; what an earlier one left at work goes on.
  if (!isRunning) return false;
  if (!signals.interruptRequested()) return false;
  cell.heeded = true;
  post({ type: "interruptSeen" });
  return true;
};

const polling = (): (() => void) => {
  const cell = currentCell();
  const add = (difference: 1 | -1): void => {
    cell.polling += difference;
    if (cell === latestCell()) signals.setPolling(cell.polling > 0);
  };
  add(1);
  return () => add(-1);
};

const whenCellEnds = (listener: CellEnd): void => void currentCell().endings.add(listener);

const ready = preloadPackage({ display: displays.display, interrupted, polling, whenCellEnds });

// A library that does not load fails the cells, not the kernel: the message must reach the user.
ready.catch(() => {});

const execute = async (cell: CellSource): Promise<void> => {
  const settle = (outcome: Outcome): void => post({ type: "settled", origin: cell.origin, outcome });
  const failure = await ready.then(() => undefined, describeFailure);
  if (failure) settle({ status: "error", failure });
  else evaluator.execute(cell, settle);
};

const handleComm = (message: CommMessage): void => {
  const { origin } = message;
  runInCell(createCell(origin, false), () => {
    try {
      receive(message);
    } catch (error) {
      post({ type: "uncaught", origin, failure: describeFailure(error) });
    } finally {
      post({ type: "commHandled", origin });
    }
  });
};

const interrupt = (): void => {
  const cell = latestCell();
  cell.interrupted = true;
  rejectAwaits(cell);
  clearTimers(cell);
};

io.on("message", (message: ToUser) => {
  immediates.restore();
  switch (message.type) {
    case "execute":
      return void execute(message.cell);
    case "comm":
      return handleComm(message);
    case "interrupt":
    case "ping":
      if (message.type === "interrupt") interrupt();
      evaluator.endTerminated();
      return void nextTurn(() => post({ type: "pong", token: message.token }));
    case "abandon":
      return evaluator.abandon();
    case "recover":
      hooks.resume();
      return recover();
    case "exit":
      return exit(0);
  }
});
