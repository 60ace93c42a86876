import { readFileSync } from "node:fs";

export type Channel = "shell" | "control" | "stdin" | "hb" | "iopub";

/** What Jupyter writes into a connection file. */
export interface Connection {
  transport: string;
  ip: string;
  key: string;
  signature_scheme: string;
  shell_port: number;
  control_port: number;
  stdin_port: number;
  hb_port: number;
  iopub_port: number;
}

export function readConnection(path: string): Connection {
  return JSON.parse(readFileSync(path, "utf8")) as Connection;
}

/** The ZeroMQ address of one channel. */
export function address(connection: Connection, channel: Channel): string {
  const separator = connection.transport === "ipc" ? "-" : ":";
  return `${connection.transport}://${connection.ip}${separator}${connection[`${channel}_port`]}`;
}
