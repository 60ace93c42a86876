import { readFileSync, readlinkSync } from "node:fs";
import { hostname, platform } from "node:os";

/** The process that a writer lives in, so that others can tell whether it still does. */
export interface WriterProcess {
  /** Where process numbers mean the same: the machine since it was started, and on Linux the container. */
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
  /** What tells it from a later process with the same number; empty where the system does not say. */
  readonly started: string;
}

/** A writer elsewhere shows that it lives by touching its file so often. */
export const heartbeatMilliseconds = 15_000;
/** Without a heartbeat for so long it counts as dead: a machine may be busy, or a network drive slow. */
const silenceMilliseconds = 8 * heartbeatMilliseconds;

let own: WriterProcess | undefined;

export function ownProcess(): WriterProcess {
  own ??= { machine: machine(), host: hostname(), pid: process.pid, started: startOf(process.pid) };
  return own;
}

/**
 * Whether a writer's process still runs. On this machine the system knows; of others, only how long ago they gave a
 * sign of life.
 */
export function isAlive(writer: WriterProcess, lastSign: number, now: number = Date.now()): boolean {
  if (writer.machine !== ownProcess().machine) return now - lastSign < silenceMilliseconds;
  try {
    process.kill(writer.pid, 0);
  } catch (error) {
    // A process of another user's may not be signalled, but is there.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return writer.started === "" || startOf(writer.pid) === writer.started;
}

/** A process that ended and was not yet collected by its parent counts as gone. */
function startOf(pid: number): string {
  if (platform() !== "linux") return "";
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // After the program's name, which stands in brackets and may hold anything: state, …, start (field 22).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "gone" : fields[19];
  } catch {
    return "gone";
  }
}

function machine(): string {
  if (platform() !== "linux") return hostname();
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}
