/**
 * A kernel of our own and the client that talks to it, straight over ZeroMQ. Between a runner and its kernel
 * a Jupyter server would only add a Python, a port, a token, and a limit beyond which outputs are dropped.
 */
import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { address, type Connection } from "../io/connection.ts";
import { createWire, type Message } from "../io/wire.ts";
import { kernelArguments } from "../launch.ts";

/** Milliseconds until a kernel that was asked to end is ended, as Jupyter gives it. */
const shutdownPatience = 5000;

type Content = Record<string, unknown>;

export interface KernelClient {
  /** What the kernel says of its language, as notebooks store it. */
  readonly languageInfo: Content;
  /** Run a cell to its end. `receive` is called with each message it publishes. */
  execute(code: string, receive: (type: string, content: Content) => void): Promise<Content>;
  /** Ask the kernel to end, and wait until it has. */
  shutdown(): Promise<void>;
}

interface Request {
  receive(type: string, content: Content): void;
  reply: Content | undefined;
  idle: boolean;
  resolve(reply: Content): void;
  reject(error: Error): void;
}

/** Start a kernel whose cells run in this folder. */
export async function startKernel(folder: string): Promise<KernelClient> {
  const connection = await newConnection();
  const state = mkdtempSync(join(tmpdir(), "gradbook-run-"));
  const connectionFile = join(state, "kernel.json");
  writeFileSync(connectionFile, JSON.stringify(connection), { mode: 0o600 });

  const [node = process.execPath, ...args] = kernelArguments(connectionFile);
  const env = { ...process.env, JPY_PARENT_PID: String(process.pid) };
  const kernel = spawn(node, args, { cwd: folder, env, stdio: ["ignore", "inherit", "inherit"] });
  const endKernel = (): void => void kernel.kill("SIGKILL");
  // A runner that is stopped takes its kernel along.
  const stop = (): never => process.exit(130);
  process.once("exit", endKernel).once("SIGINT", stop).once("SIGTERM", stop);

  const shell = new Dealer();
  const control = new Dealer();
  const iopub = new Subscriber();
  for (const [socket, channel] of [
    [shell, "shell"],
    [control, "control"],
    [iopub, "iopub"],
  ] as const)
    socket.connect(address(connection, channel));
  iopub.subscribe();

  const wire = createWire(connection.key, connection.signature_scheme);
  const session = randomUUID();
  const requests = new Map<string, Request>();
  let closed = false;

  const finish = (id: string, request: Request): void => {
    if (!request.reply || !request.idle) return;
    requests.delete(id);
    request.resolve(request.reply);
  };
  const requestOf = ({ parentHeader }: Message): [string, Request] | undefined => {
    const id = parentHeader.msg_id ?? "";
    const request = requests.get(id);
    return request && [id, request];
  };

  const listenShell = async (socket: Dealer): Promise<void> => {
    for await (const frames of socket) {
      const message = wire.decode(frames);
      const [id, request] = requestOf(message) ?? [];
      if (!id || !request) continue;
      request.reply = message.content;
      finish(id, request);
    }
  };
  const listenPublished = async (subscribed: () => void): Promise<void> => {
    for await (const frames of iopub) {
      const message = wire.decode(frames);
      if (message.header.msg_type === "iopub_welcome") subscribed();
      const [id, request] = requestOf(message) ?? [];
      if (!id || !request) continue;
      if (message.header.msg_type === "status") request.idle = message.content["execution_state"] === "idle";
      else request.receive(message.header.msg_type, message.content);
      finish(id, request);
    }
  };

  const failAll = (error: Error): void => {
    for (const { reject } of requests.values()) reject(error);
    requests.clear();
  };
  const ended = new Promise<void>((resolve) => {
    kernel.once("exit", (code, signal) => {
      closed = true;
      failAll(new Error(`the kernel ended (${signal ?? `code ${code}`})`));
      for (const socket of [shell, control, iopub]) socket.close();
      process.off("exit", endKernel).off("SIGINT", stop).off("SIGTERM", stop);
      rmSync(state, { recursive: true, force: true });
      resolve();
    });
  });

  const ask = (
    socket: Dealer,
    type: string,
    content: Content,
    receive: Request["receive"],
  ): Promise<Content> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new Error("the kernel has ended"));
      const id = randomUUID();
      requests.set(id, { receive, reply: undefined, idle: false, resolve, reject });
      const date = new Date().toISOString();
      const header = { msg_id: id, session, username: "runner", date, msg_type: type, version: "5.4" };
      const message = { identities: [], header, parentHeader: {}, metadata: {}, content, buffers: [] };
      socket.send(wire.encode(message)).catch(reject);
    });

  // Whoever asks before the subscription stands would miss what is published meanwhile.
  const subscribed = new Promise<void>((resolve, reject) => {
    const fail = (error: unknown): void => {
      if (closed) return;
      const failure = error instanceof Error ? error : new Error(String(error));
      failAll(failure);
      reject(failure);
    };
    listenShell(shell).catch(fail);
    listenShell(control).catch(fail);
    listenPublished(resolve).catch(fail);
    void ended.then(() => reject(new Error("the kernel ended before it was ready")));
  });
  await subscribed;
  const info = await ask(shell, "kernel_info_request", {}, () => {});

  return {
    languageInfo: info["language_info"] as Content,
    execute: (code, receive) =>
      ask(
        shell,
        "execute_request",
        {
          code,
          silent: false,
          store_history: true,
          user_expressions: {},
          allow_stdin: false,
          stop_on_error: true,
        },
        receive,
      ),
    async shutdown() {
      const overdue = setTimeout(endKernel, shutdownPatience);
      // A kernel that ends before it answers has done what it was asked.
      if (!closed) ask(control, "shutdown_request", { restart: false }, () => {}).catch(() => {});
      await ended;
      clearTimeout(overdue);
    },
  };
}

/** A connection on free ports of this machine, under a fresh key. */
async function newConnection(): Promise<Connection> {
  const servers = Array.from({ length: 5 }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [shell_port = 0, control_port = 0, stdin_port = 0, hb_port = 0, iopub_port = 0] = ports;
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    key: randomBytes(32).toString("hex"),
    signature_scheme: "hmac-sha256",
    shell_port,
    control_port,
    stdin_port,
    hb_port,
    iopub_port,
  };
}
