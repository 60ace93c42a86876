/** Comms: named two-way channels between a cell's code and the page. */
import { randomUUID } from "node:crypto";
import type { CommContent, CommType, ToIo } from "../channel.ts";
import { currentCell } from "./cell.ts";
import { asJson } from "./json.ts";

export type CommData = Record<string, unknown>;

export interface Comm {
  readonly id: string;
  readonly target: string;
  /** Called with each message from the page. */
  onMessage: ((data: CommData) => void) | undefined;
  /** Called when the page closes the comm. */
  onClose: ((data: CommData) => void) | undefined;
  send(data: CommData): void;
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
  receive(kind: CommType, content: CommContent): void;
}

export function createComms(post: (message: ToIo) => void): CommRouter {
  const open = new Map<string, Comm>();
  const targets = new Map<string, (comm: Comm, data: CommData) => void>();

  const send = (kind: CommType, content: CommContent): void =>
    post({ type: "comm", origin: currentCell().origin, kind, content: asJson(content, "comm: the data") });

  const create = (id: string, target: string): Comm => {
    const comm: Comm = {
      id,
      target,
      onMessage: undefined,
      onClose: undefined,
      send: (data) => send("comm_msg", { comm_id: id, data }),
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
    receive(kind, { comm_id: id, target_name: target = "", data }) {
      if (kind === "comm_open") {
        const onOpen = targets.get(target);
        // The protocol: an unknown target is answered by closing the comm.
        if (!onOpen) return send("comm_close", { comm_id: id, data: {} });
        return onOpen(create(id, target), data);
      }
      const comm = open.get(id);
      if (kind === "comm_msg") return comm?.onMessage?.(data);
      open.delete(id);
      comm?.onClose?.(data);
    },
  };
}
