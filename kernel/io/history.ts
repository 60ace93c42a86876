/**
 * What was executed, for clients that offer it again. It lies in a file beside the connection file, which a kernel
 * keeps when it is restarted: one line of JSON for a cell, one for its result.
 */
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import type { KernelMessage } from "@jupyterlab/services";

/** Session, line number, source; with outputs asked for, the source comes as [source, output]. */
export type HistoryEntry = [number, number, string | [string, string | null]];

export type HistoryRequest = KernelMessage.IHistoryRequestMsg["content"];

export interface History {
  add(executionCount: number, code: string): void;
  /** The cell has ended; `output` is the plain text of its result, if it has one. */
  finish(executionCount: number, output?: string): void;
  query(request: HistoryRequest): HistoryEntry[];
  /** What became of the process before this one, if it did not end as it was told to. */
  crash(): Crash | undefined;
  /** The kernel ends as it was told to; for good, if it is not to come back. */
  end(comesBack: boolean): void;
}

/** A process that was killed or crashed, and the cell that it was running, if any. */
export interface Crash {
  count: number | undefined;
  code: string;
}

interface Line {
  session: number;
  count: number;
  code: string;
  /** Null where it had none; missing while it runs. */
  output?: string | null;
}

/** A line of the file. */
type Entry = Partial<Line> & { session: number; ended?: true };

/** As much of a result as history keeps, in UTF-16 units. */
const keptOutput = 10_000;

export function historyFile(connectionFile: string): string {
  return `${connectionFile.replace(/\.json$/, "")}.history.jsonl`;
}

export function createHistory(file: string): History {
  const { lines, endedWell } = readLines(file);
  const last = lines.at(-1);
  const crash = last && !endedWell ? crashAt(last) : undefined;
  /** Each process on a connection file is one session; Jupyter calls the current one 0, those before it -1, -2, … */
  const session = (last?.session ?? 0) + 1;

  let writable = true;
  const append = (record: Omit<Entry, "session">): void => {
    if (!writable) return;
    try {
      appendFileSync(file, `${JSON.stringify({ session, ...record })}\n`, { mode: 0o600 });
    } catch (error) {
      writable = false;
      console.error(`gradbook kernel: the history of this session will not outlive it: ${String(error)}`);
    }
  };

  const select = (request: HistoryRequest): Line[] => {
    switch (request.hist_access_type) {
      case "tail":
        return lines.slice(-request.n || lines.length);
      case "range": {
        const asked = request.session > 0 ? request.session : session + request.session;
        const { start = 1, stop } = request;
        return lines.filter(
          (line) => line.session === asked && line.count >= start && line.count < (stop ?? Infinity),
        );
      }
      case "search": {
        const pattern = globPattern(request.pattern);
        const found = lines.filter(({ code }) => pattern.test(code));
        const distinct = request.unique
          ? [...new Map(found.map((line) => [line.code, line])).values()]
          : found;
        return request.n > 0 ? distinct.slice(-request.n) : distinct;
      }
    }
  };

  return {
    add(count, code) {
      lines.push({ session, count, code });
      append({ count, code });
    },
    finish(count, output) {
      const line = lines.at(-1);
      if (line?.count !== count || line.session !== session) return;
      line.output = output?.slice(0, keptOutput) ?? null;
      append({ count, output: line.output });
    },
    query: (request) =>
      select(request).map((line) => [
        line.session,
        line.count,
        request.output ? [line.code, line.output ?? null] : line.code,
      ]),
    crash: () => crash,
    end(comesBack) {
      if (comesBack) append({ ended: true });
      else rmSync(file, { force: true });
    },
  };
}

const crashAt = ({ count, code, output }: Line): Crash =>
  output === undefined ? { count, code } : { count: undefined, code: "" };

/** A process that was killed may have left half a line: what is no record is passed over. */
function readLines(file: string): { lines: Line[]; endedWell: boolean } {
  const lines: Line[] = [];
  let endedWell = true;
  if (!existsSync(file)) return { lines, endedWell };
  for (const text of readFileSync(file, "utf8").split("\n")) {
    let entry: Entry;
    try {
      entry = JSON.parse(text) as Entry;
    } catch {
      continue;
    }
    const { session, count, code, output, ended } = entry;
    endedWell = ended ?? false;
    if (count === undefined) continue;
    if (code !== undefined) lines.push({ session, count, code });
    const last = lines.at(-1);
    if (output !== undefined && last?.session === session && last.count === count) last.output = output;
  }
  return { lines, endedWell };
}

/** `*` and `?` as in a file name, over the whole source. */
function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}
