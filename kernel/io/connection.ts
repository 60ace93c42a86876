import { chmodSync, readFileSync, statSync } from "node:fs";

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

/**
 * The file holds the key with which whoever reads it can run code here, so it is closed to other users if it is open.
 * @throws Error if it has no key: then anyone who reaches the ports could
 */
export function readConnection(path: string): Connection {
  const connection = JSON.parse(readFileSync(path, "utf8")) as Connection;
  if (!connection.key)
    throw new Error(
      `${path} has no key, so that anyone who reaches the kernel's ports could run code in it: ` +
        "unset Session.key in Jupyter's configuration, and Jupyter makes one for each kernel",
    );
  keepToOwner(path);
  return connection;
}

function keepToOwner(path: string): void {
  // Windows keeps no such bits; there, the folder's own rights count.
  if (process.platform === "win32" || (statSync(path).mode & 0o077) === 0) return;
  try {
    chmodSync(path, 0o600);
    console.error(
      `gradbook kernel: others could read ${path} and with its key run code here; they cannot any more`,
    );
  } catch (error) {
    console.error(
      `gradbook kernel: others can read ${path} and with its key run code here, and that cannot be changed ` +
        `(${(error as Error).message}): give it to yourself alone (chmod 600)`,
    );
  }
}

/** The ZeroMQ address of one channel. */
export function address(connection: Connection, channel: Channel): string {
  const separator = connection.transport === "ipc" ? "-" : ":";
  return `${connection.transport}://${connection.ip}${separator}${connection[`${channel}_port`]}`;
}
