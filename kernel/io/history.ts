/** What was executed, for clients that offer it again. */
import type { KernelMessage } from "@jupyterlab/services";

/** Session, line number, source; with outputs asked for, the source comes as [source, output]. */
export type HistoryEntry = [number, number, string | [string, null]];

export type HistoryRequest = KernelMessage.IHistoryRequestMsg["content"];

export interface History {
  add(executionCount: number, code: string): void;
  query(request: HistoryRequest): HistoryEntry[];
}

/** This process is one session; Jupyter calls the current one 0. */
const session = 1;

export function createHistory(): History {
  const lines: { count: number; code: string }[] = [];

  const select = (request: HistoryRequest): typeof lines => {
    switch (request.hist_access_type) {
      case "tail":
        return lines.slice(-request.n || lines.length);
      case "range": {
        if (request.session !== 0 && request.session !== session) return [];
        const { start = 1, stop = Infinity } = request;
        return lines.filter(({ count }) => count >= start && count < (stop ?? Infinity));
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
    add: (count, code) => void lines.push({ count, code }),
    query: (request) =>
      select(request).map(({ count, code }) => [session, count, request.output ? [code, null] : code]),
  };
}

/** `*` and `?` as in a file name, over the whole source. */
function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}
