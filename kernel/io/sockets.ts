/** The five ZeroMQ sockets of a kernel, and one ordered queue of sends for each. */
import { Reply, Router, XPublisher } from "zeromq";
import { address, type Channel, type Connection } from "./connection.ts";
import { createPace } from "./pace.ts";
import { createWire, WireError, type Header, type Message } from "./wire.ts";
import { randomUUID } from "node:crypto";

/** The channels on which requests arrive. */
export type RequestChannel = "shell" | "control" | "stdin";

export interface Sockets {
  /** Answer on the channel a request came from, or ask on stdin. */
  send(channel: RequestChannel, type: string, content: object, parent: Message): void;
  /** Publish to every client. `parent` is the header of the request that caused it. */
  publish(type: string, content: object, parent: Message["parentHeader"], buffers?: Uint8Array[]): void;
  /** Every send so far that need not wait for its turn has been given to ZeroMQ. */
  flushed(): Promise<void>;
  /** Nothing need wait any more. */
  rush(): void;
  close(): void;
}

export type Receive = (channel: RequestChannel, message: Message) => void;

/** No limit: a message over it would be dropped in silence, and with it perhaps the result. */
const unlimited = { sendHighWaterMark: 0 };

/** A client that connects again under its name takes over from itself. */
const requests = { ...unlimited, handover: true };

const protocolVersion = "5.4";

export async function openSockets(connection: Connection, receive: Receive): Promise<Sockets> {
  const shell = new Router(requests);
  const control = new Router(requests);
  const stdin = new Router(requests);
  const hb = new Reply();
  // Of every subscription, not only of the first to a topic: each client is to be welcomed.
  const iopub = new XPublisher({ ...unlimited, verbosity: "allSubs" });
  const sockets = { shell, control, stdin, hb, iopub };
  for (const channel of Object.keys(sockets) as Channel[])
    await sockets[channel].bind(address(connection, channel));

  const wire = createWire(connection.key, connection.signature_scheme);
  const session = randomUUID();
  let sent = 0;
  let ignored = 0;
  let closed = false;

  const header = (type: string): Header => ({
    msg_id: `${session}_${++sent}`,
    session,
    username: "kernel",
    date: new Date().toISOString(),
    msg_type: type,
    version: protocolVersion,
  });

  // ZeroMQ.js allows one send in flight on a socket, so each waits for the one before it.
  const queues = new Map<Channel, Promise<void>>();
  const enqueue = (channel: Exclude<Channel, "hb">, frames: Buffer[]): void => {
    const before = queues.get(channel) ?? Promise.resolve();
    const next = before.then(() => (closed ? undefined : sockets[channel].send(frames)));
    // A reply to a client that has gone away cannot be delivered; the others must still get theirs.
    queues.set(
      channel,
      next.catch((error) => console.error(`gradbook kernel: a message on ${channel} was not sent:`, error)),
    );
  };

  const pace = createPace();

  const published = (
    type: string,
    content: object,
    parentHeader: Message["parentHeader"],
    topic: Buffer,
    buffers: Uint8Array[] = [],
  ): Buffer[] =>
    wire.encode({
      identities: [topic],
      header: header(type),
      parentHeader,
      metadata: {},
      content: content as Record<string, unknown>,
      buffers: buffers.map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    });

  const listen = async (channel: RequestChannel): Promise<void> => {
    for await (const frames of sockets[channel]) {
      let message: Message;
      try {
        message = wire.decode(frames);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        ignored++;
        // Now and then, so that a flood of them does not flood the server's log.
        if (Number.isInteger(Math.log10(ignored)))
          console.error(`gradbook kernel: ignored ${ignored} messages so far; the last was ${error.message}`);
        continue;
      }
      receive(channel, message);
    }
  };

  const echoHeartbeats = async (): Promise<void> => {
    for await (const frames of hb) await hb.send(frames);
  };

  // An XPUB socket hears of each subscription, so a client can be told when iopub is listening to it.
  const welcomeSubscribers = async (): Promise<void> => {
    for await (const [frame] of iopub) {
      if (frame?.[0] !== 1) continue;
      const topic = frame.subarray(1);
      enqueue("iopub", published("iopub_welcome", { subscription: topic.toString() }, {}, topic));
    }
  };

  for (const loop of [
    listen("shell"),
    listen("control"),
    listen("stdin"),
    echoHeartbeats(),
    welcomeSubscribers(),
  ])
    loop.catch((error) => {
      if (!closed) throw error;
    });

  return {
    send(channel, type, content, parent) {
      const message: Message = {
        identities: parent.identities,
        header: header(type),
        parentHeader: parent.header,
        metadata: {},
        content: content as Record<string, unknown>,
        buffers: [],
      };
      enqueue(channel, wire.encode(message));
    },
    publish(type, content, parent, buffers) {
      const frames = published(type, content, parent, Buffer.from(type), buffers);
      const streamBytes = type === "stream" ? frames.reduce((sum, { length }) => sum + length, 0) : 0;
      pace.push(streamBytes, () => enqueue("iopub", frames));
    },
    flushed: async () => void (await Promise.all(queues.values())),
    rush: pace.rush,
    close() {
      closed = true;
      for (const socket of Object.values(sockets)) socket.close();
    },
  };
}
