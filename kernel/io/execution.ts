/** Cells, one at a time and in order: check, emit, run on the main thread, report. */
import type { KernelMessage } from "@jupyterlab/services";
import type { CellSource, Failure, MimeBundle, Outcome } from "../channel.ts";
import type { RemoteCompiler } from "./compilerProcess.ts";
import { describeComplaints } from "./complaints.ts";
import { helpRequest, type HelpRequest } from "./help.ts";
import type { History } from "./history.ts";
import { inspectionBundle } from "./inspection.ts";

export type ExecuteRequest = Partial<KernelMessage.IExecuteRequestMsg["content"]> & { code: string };

export interface Executor {
  /** Runs the request and publishes all of its output; the reply's content. */
  execute(origin: number, request: ExecuteRequest): Promise<Record<string, unknown>>;
  executionCount(): number;
  /** Give up a cell that is still being compiled. Answers whether there is one; one that runs has to be interrupted. */
  breakOff(): boolean;
}

export interface ExecutorParts {
  compiler: RemoteCompiler;
  history: History;
  /** Run on the main thread. */
  run: (cell: CellSource) => Promise<Outcome>;
  publish: (origin: number, type: string, content: object) => void;
  /** Send all output that is still held back. */
  flush: () => void;
}

export function createExecutor({ compiler, history, run, publish, flush }: ExecutorParts): Executor {
  let count = 0;

  let breakOff: (() => void) | undefined;
  const compile: typeof compiler.compile = async (code, expressions) => {
    const brokenOff = new Promise<never>((_, reject) => {
      breakOff = () =>
        reject(Object.assign(new Error("the cell was interrupted"), { name: "InterruptedError" }));
    });
    try {
      return await Promise.race([compiler.compile(code, expressions), brokenOff]);
    } finally {
      breakOff = undefined;
    }
  };

  const compileAndRun = async (origin: number, request: ExecuteRequest, label: string): Promise<Outcome> => {
    const { code } = request;
    const asked = mapped(request.user_expressions ?? {}, String);
    const { complaints, emitted } = await compile(code, asked);
    if (!emitted) return { status: "error", failure: describeComplaints(complaints, code, label) };
    return run({
      origin,
      script: { label, code, ...emitted.cell },
      expressions: mapped(emitted.expressions, (script, name) => ({
        label: `user expression ${name}`,
        code: asked[name]!,
        ...script,
      })),
      allowInput: request.allow_stdin ?? true,
    });
  };

  /** What keeps a cell from being run and is not in its code. */
  const notRun = ({ name, message }: Error): Outcome => ({
    status: "error",
    failure: { name, message, traceback: [`${name}: ${message}; it was not run`] },
  });

  const help = async ({ name, level }: HelpRequest): Promise<Outcome> => {
    const found = await compiler.inspect(name, name.length);
    if (found) return { status: "ok", page: inspectionBundle(found, level), expressions: {} };
    const message = `nothing is known of "${name}"; completion (Tab) lists the names that there are`;
    return { status: "error", failure: { name: "HelpError", message, traceback: [`HelpError: ${message}`] } };
  };

  return {
    executionCount: () => count,
    breakOff() {
      breakOff?.();
      return breakOff !== undefined;
    },
    async execute(origin, request) {
      const silent = request.silent ?? false;
      const stored = !silent && (request.store_history ?? true);
      if (stored) history.add(++count, request.code);
      if (!silent) publish(origin, "execute_input", { code: request.code, execution_count: count });

      const asked = helpRequest(request.code);
      const outcome = await (
        asked ? help(asked) : compileAndRun(origin, request, silent ? "silent cell" : `cell ${count}`)
      ).catch(notRun);
      flush();
      const output = outcome.status === "ok" ? outcome.result?.["text/plain"] : undefined;
      if (stored) history.finish(count, output === undefined ? undefined : String(output));
      if (outcome.status === "error") {
        const error = errorContent(outcome.failure);
        publish(origin, "error", error);
        return { status: "error", execution_count: count, ...error };
      }
      const { result, page } = outcome;
      if (result && !silent)
        publish(origin, "execute_result", { execution_count: count, data: result, metadata: {} });
      const user_expressions = mapped(outcome.expressions, expressionContent);
      return {
        status: "ok",
        execution_count: count,
        payload: page ? [{ source: "page", data: page, start: 0 }] : [],
        user_expressions,
      };
    },
  };
}

function mapped<From, To>(
  values: Record<string, From>,
  change: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}

/** A failure in the protocol's words. */
export function errorContent({ name, message, traceback }: Failure): Record<string, unknown> {
  return { ename: name, evalue: message, traceback };
}

const isFailure = (value: MimeBundle | Failure): value is Failure => Array.isArray(value.traceback);

const expressionContent = (value: MimeBundle | Failure): Record<string, unknown> =>
  isFailure(value)
    ? { status: "error", ...errorContent(value) }
    : { status: "ok", data: value, metadata: {} };
