/** Jupyter's messages to the parts that answer them, and what the main thread says back to Jupyter. */
import { Session as InspectorSession } from "node:inspector";
import type { MessagePort } from "node:worker_threads";
import type { CommContent, ToIo, ToUser } from "../channel.ts";
import type { Signals } from "../signals.ts";
import { createCellRunner } from "./cellRunner.ts";
import { createComms } from "./comms.ts";
import type { RemoteCompiler } from "./compilerProcess.ts";
import type { Connection } from "./connection.ts";
import { createExecutor, errorContent, type ExecuteRequest } from "./execution.ts";
import type { History, HistoryRequest } from "./history.ts";
import { createInput } from "./input.ts";
import { tellOfCrash } from "./notices.ts";
import { createOrigins } from "./origins.ts";
import { watchParent } from "./parent.ts";
import {
  completeReply,
  failureReply,
  inspectReply,
  kernelInfo,
  unknownReply,
  type CursorRequest,
  type InspectRequest,
} from "./requests.ts";
import { createShellQueue } from "./shellQueue.ts";
import { openSockets, type RequestChannel } from "./sockets.ts";
import { createOutputLimit } from "./outputLimit.ts";
import { createShutDown } from "./shutDown.ts";
import { createStreams } from "./streams.ts";
import { createUpdates } from "./updates.ts";
import type { Message } from "./wire.ts";

export interface SessionParts {
  connection: Connection;
  history: History;
  signals: Signals;
  /** Bytes at which V8 gives up on the main thread's heap. */
  heapLimit: number;
  /** Where the main thread reads the answer to `prompt`. */
  answers: MessagePort;
  compiler: RemoteCompiler;
  /** To the main thread. */
  post(message: ToUser): void;
}

export interface Session {
  /** Take what the main thread says. */
  receive(message: ToIo): void;
}

interface Request {
  channel: RequestChannel;
  message: Message;
  origin: number;
}

type Reply = Record<string, unknown>;

export async function openSession({
  connection,
  history,
  signals,
  heapLimit,
  answers,
  compiler,
  post,
}: SessionParts): Promise<Session> {
  const origins = createOrigins();

  const publishNow = (origin: number, type: string, content: object): void =>
    sockets.publish(type, content, origins.get(origin)?.header ?? {});

  const outputLimit = createOutputLimit(
    (chunk) => streams.write(chunk),
    (origin) => runner.label(origin) ?? "output",
  );
  const streams = createStreams(({ origin, name, text }) => publishNow(origin, "stream", { name, text }));
  const updates = createUpdates(({ origin, id, data }) =>
    publishNow(origin, "update_display_data", { data, metadata: {}, transient: { display_id: id } }),
  );
  const flush = (): void => {
    streams.flush();
    updates.flush();
  };
  /** Publish in order: whatever was held back comes before. */
  const publish = (origin: number, type: string, content: object): void => {
    flush();
    publishNow(origin, type, content);
  };

  const mainThread = new InspectorSession();
  mainThread.connectToMainThread();
  const runner = createCellRunner({
    mainThread,
    signals,
    heapLimit,
    post,
    tell: (origin, text) => streams.write({ origin, name: "stderr", text }),
    ended: outputLimit.finish,
  });
  const { run, interrupter } = runner;
  const executor = createExecutor({ compiler, history, run, publish, flush });
  const comms = createComms({ post, buffersOf: (origin) => origins.get(origin)?.buffers ?? [] });
  const input = createInput({
    send: (content, request) => sockets.send("stdin", "input_request", content, request),
    signals,
    answers,
  });

  const shutDown = createShutDown({
    interrupter,
    flushOutput: async () => {
      sockets.rush();
      await sockets.flushed();
      sockets.close();
    },
    // Node would hold its exit up otherwise.
    disconnect: () => mainThread.disconnect(),
    post,
  });

  let crash = history.crash();

  const { shell_port, iopub_port, stdin_port, control_port, hb_port } = connection;
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };

  /** By message type; the reply's type is the request's with `_reply` for `_request`. Nothing to reply: nothing returned. */
  const handlers: Record<string, (content: never, origin: number) => Promise<Reply | void> | Reply | void> = {
    kernel_info_request: kernelInfo,
    connect_request: () => ({ status: "ok", ...ports }),
    execute_request(content: ExecuteRequest, origin) {
      if (crash && !content.silent) {
        streams.write({ origin, name: "stderr", text: tellOfCrash(crash) });
        crash = undefined;
      }
      return executor.execute(origin, content);
    },
    complete_request: (content: CursorRequest) => completeReply(content, compiler.complete),
    inspect_request: (content: InspectRequest) => inspectReply(content, compiler.inspect),
    is_complete_request: async ({ code }: { code: string }) => ({ ...(await compiler.completeness(code)) }),
    history_request: (content: HistoryRequest) => ({ status: "ok", history: history.query(content) }),
    comm_info_request: ({ target_name }: { target_name?: string }) => ({
      status: "ok",
      comms: comms.open(target_name),
    }),
    comm_open: (content: CommContent, origin) => comms.deliver("comm_open", content, origin),
    comm_msg: (content: CommContent, origin) => comms.deliver("comm_msg", content, origin),
    comm_close: (content: CommContent, origin) => comms.deliver("comm_close", content, origin),
    interrupt_request: () => {
      if (!executor.breakOff()) void interrupter.interrupt();
      return { status: "ok" };
    },
    shutdown_request({ restart }: { restart: boolean }, origin) {
      history.end(restart);
      const content = { status: "ok", restart };
      // To every client: they all lose the kernel.
      publish(origin, "shutdown_reply", content);
      return content;
    },
  };

  const status = ({ origin }: Request, execution_state: "busy" | "idle"): void =>
    publish(origin, "status", { execution_state });

  const reply = ({ channel, message }: Request, content: Reply): void =>
    sockets.send(channel, message.header.msg_type.replace(/_request$/, "_reply"), content, message);

  /** Busy, the answer, idle. */
  const answer = async (request: Request, beforeReply?: (content: Reply) => Promise<void>): Promise<void> => {
    const { header, content } = request.message;
    status(request, "busy");
    let answered: Reply | undefined;
    try {
      const handler = Object.hasOwn(handlers, header.msg_type) ? handlers[header.msg_type] : undefined;
      answered = handler
        ? ((await handler(content as never, request.origin)) ?? undefined)
        : unknownReply(header.msg_type);
    } catch (error) {
      console.error(`gradbook kernel: ${header.msg_type} failed:`, error);
      answered = failureReply(error as Error);
    }
    if (answered) {
      await beforeReply?.(answered);
      reply(request, answered);
    }
    status(request, "idle");
    if (header.msg_type === "shutdown_request") await shutDown();
  };

  const executions = createShellQueue<Request>({
    run: (request, failed) =>
      answer(request, async ({ status }) => {
        if (status === "error" && request.message.content.stop_on_error !== false) await failed();
      }),
    abort(request) {
      status(request, "busy");
      reply(request, { status: "aborted", execution_count: executor.executionCount() });
      status(request, "idle");
    },
  });

  const sockets = await openSockets(connection, (channel, message) => {
    if (channel === "stdin") return input.take(message);
    const request = { channel, message, origin: origins.add(message) };
    if (message.header.msg_type === "execute_request") executions.push(request);
    else void answer(request);
  });
  publish(0, "status", { execution_state: "starting" });
  watchParent(() => void shutDown());

  return {
    receive(message) {
      switch (message.type) {
        case "stream":
          signals.takeOutput(message.text.length);
          return outputLimit.write(message);
        case "update":
          return updates.write(message);
        case "display":
          if (!outputLimit.allowsDisplay(message.origin)) return;
          return publish(message.origin, "display_data", {
            data: message.data,
            metadata: {},
            transient: { display_id: message.id },
          });
        case "clear":
          outputLimit.cleared(message.origin);
          return publish(message.origin, "clear_output", { wait: message.wait });
        case "comm":
          comms.note(message);
          flush();
          return sockets.publish(
            message.kind,
            message.content,
            origins.get(message.origin)?.header ?? {},
            message.buffers,
          );
        case "input": {
          flush();
          const { prompt, password } = message;
          return input.ask(origins.get(message.origin), { prompt, password });
        }
        case "uncaught":
          return publish(message.origin, "error", errorContent(message.failure));
        case "settled":
          return runner.settle(message.origin, message.outcome);
        case "commHandled":
          return comms.handled(message.origin);
        case "pong":
          return interrupter.answered(message.token);
        case "interruptSeen":
          return interrupter.seen();
      }
    },
  };
}
