/** Cells, one at a time and in order: check, emit, run on the main thread, report. */
import type { KernelMessage } from "@jupyterlab/services";
import type { CellSource, Failure, MimeBundle, Outcome, Script } from "../channel.ts";
import { describeComplaints } from "./complaints.ts";
import type { Emitted } from "./emit.ts";
import { helpRequest, type HelpRequest } from "./help.ts";
import type { History } from "./history.ts";
import { inspectionBundle } from "./inspection.ts";
import type { Language } from "./language/language.ts";

export type ExecuteRequest = Partial<KernelMessage.IExecuteRequestMsg["content"]> & { code: string };

/** The compiler's part, loaded when it is first needed: it takes longer to load than all the rest. */
export interface Compiler {
  language: Language;
  emitCell: (code: string) => Emitted;
}

export interface Executor {
  /** Runs the request and publishes all of its output; the reply's content. */
  execute(origin: number, request: ExecuteRequest): Promise<Record<string, unknown>>;
  executionCount(): number;
}

export interface ExecutorParts {
  compiler: () => Promise<Compiler>;
  history: History;
  /** Run on the main thread. */
  run: (cell: CellSource) => Promise<Outcome>;
  publish: (origin: number, type: string, content: object) => void;
  /** Send all output that is still held back. */
  flush: () => void;
}

export function createExecutor({ compiler, history, run, publish, flush }: ExecutorParts): Executor {
  let count = 0;

  const compileAndRun = async (origin: number, request: ExecuteRequest, label: string): Promise<Outcome> => {
    const { code } = request;
    const { language, emitCell } = await compiler();
    const diagnostics = language.check(code);
    if (diagnostics.length > 0)
      return { status: "error", failure: describeComplaints(diagnostics, code, label) };
    const script = (source: string, name: string): Script => ({
      label: name,
      code: source,
      ...emitCell(source),
    });
    const expressions = Object.entries(request.user_expressions ?? {}).map(([name, expression]) => [
      name,
      script(String(expression), `user expression ${name}`),
    ]);
    return run({
      origin,
      script: script(code, label),
      expressions: Object.fromEntries(expressions),
      allowInput: request.allow_stdin ?? true,
    });
  };

  const help = async ({ name, level }: HelpRequest): Promise<Outcome> => {
    const { language } = await compiler();
    const found = language.inspect(name, name.length);
    if (found) return { status: "ok", page: inspectionBundle(found, level), expressions: {} };
    const message = `nothing is known of "${name}"; completion (Tab) lists the names that there are`;
    return { status: "error", failure: { name: "HelpError", message, traceback: [`HelpError: ${message}`] } };
  };

  return {
    executionCount: () => count,
    async execute(origin, request) {
      const silent = request.silent ?? false;
      const stored = !silent && (request.store_history ?? true);
      if (stored) history.add(++count, request.code);
      if (!silent) publish(origin, "execute_input", { code: request.code, execution_count: count });

      const asked = helpRequest(request.code);
      const outcome = asked
        ? await help(asked)
        : await compileAndRun(origin, request, silent ? "silent cell" : `cell ${count}`);
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
      const user_expressions = Object.fromEntries(
        Object.entries(outcome.expressions).map(([name, value]) => [name, expressionContent(value)]),
      );
      return {
        status: "ok",
        execution_count: count,
        payload: page ? [{ source: "page", data: page, start: 0 }] : [],
        user_expressions,
      };
    },
  };
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
