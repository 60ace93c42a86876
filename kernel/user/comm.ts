/** Comms: named two-way channels between a cell's code and the page. */
import { randomUUID } from "node:crypto";
import type { CommContent, CommMessage, CommType, ToIo } from "../channel.ts";
import { currentCell } from "./cell.ts";
import { asJson } from "./json.ts";

export type CommData = Record<string, unknown>;

export interface Comm {
  readonly id: string;
  readonly target: string;
  /** Called with each message from the page and its binary parts. */
  onMessage: ((data: CommData, buffers: Uint8Array[]) => void) | undefined;
  /** Called when the page closes the comm. */
  onClose: ((data: CommData) => void) | undefined;
  /** Binary parts go as they are, beside the data, which is JSON. */
  send(data: CommData, buffers?: (ArrayBuffer | ArrayBufferView)[]): void;
  close(data?: CommData): void;
}

export interface Comms {
  /** Take comms that the page opens under this name. */
  register(target: string, onOpen: (comm: Comm, data: CommData) => void): void;
  /** Open a comm to the page. */
  open(target: string, data?: CommData): Comm;
}

export interface CommRouter {
  comms: Comms;
  /** Handle what the page sent. */
  receive(message: CommMessage): void;
}

export function createComms(post: (message: ToIo) => void): CommRouter {
  const open = new Map<string, Comm>();
  const targets = new Map<string, (comm: Comm, data: CommData) => void>();

  const send = (kind: CommType, content: CommContent, buffers: Uint8Array[] = []): void =>
    post({
      type: "comm",
      origin: currentCell().origin,
      kind,
      content: asJson(content, "comm: the data"),
      buffers,
    });

  const create = (id: string, target: string): Comm => {
    const comm: Comm = {
      id,
      target,
      onMessage: undefined,
      onClose: undefined,
      send: (data, buffers = []) => send("comm_msg", { comm_id: id, data }, buffers.map(bytesOf)),
      close(data = {}) {
        if (open.delete(id)) send("comm_close", { comm_id: id, data });
      },
    };
    open.set(id, comm);
    return comm;
  };

  return {
    comms: {
      register: (target, onOpen) => void targets.set(target, onOpen),
      open(target, data = {}) {
        const comm = create(randomUUID(), target);
        send("comm_open", { comm_id: comm.id, target_name: target, data });
        return comm;
      },
    },
    receive({ kind, content: { comm_id: id, target_name: target = "", data }, buffers }) {
      if (kind === "comm_open") {
        const onOpen = targets.get(target);
        // The protocol: an unknown target is answered by closing the comm.
        if (!onOpen) return send("comm_close", { comm_id: id, data: {} });
        return onOpen(create(id, target), data);
      }
      const comm = open.get(id);
      if (kind === "comm_msg") return comm?.onMessage?.(data, buffers);
      open.delete(id);
      comm?.onClose?.(data);
    },
  };
}

function bytesOf(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  throw new TypeError(`comm.send: buffers must be typed arrays or ArrayBuffers, got ${typeof buffer}`);
}
