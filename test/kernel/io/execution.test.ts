import { expect, test } from "vitest";
import type { CellSource, Outcome } from "../../../kernel/channel.ts";
import type { RemoteCompiler } from "../../../kernel/io/compilerProcess.ts";
import { createExecutor } from "../../../kernel/io/execution.ts";
import type { History } from "../../../kernel/io/history.ts";

const emitted = { cell: { javaScript: "1", sourceMap: "" }, expressions: {} };

function executor(compile: () => Promise<{ complaints: []; emitted: typeof emitted }>) {
  const ran: CellSource[] = [];
  const published: string[] = [];
  return {
    ran,
    published,
    ...createExecutor({
      compiler: { compile } as unknown as RemoteCompiler,
      history: { add: () => {}, finish: () => {} } as unknown as History,
      run: (cell): Promise<Outcome> => {
        ran.push(cell);
        return Promise.resolve({ status: "ok", expressions: {} });
      },
      publish: (_, type) => published.push(type),
      flush: () => {},
    }),
  };
}

test("a cell that is still being compiled is given up, and the next one runs", async () => {
  let finish!: () => void;
  const compiled = new Promise<{ complaints: []; emitted: typeof emitted }>((resolve) => {
    finish = () => resolve({ complaints: [], emitted });
  });
  const { execute, breakOff, ran, published } = executor(() => compiled);
  const first = execute(1, { code: "1" });
  expect(breakOff()).toBe(true);
  expect(await first).toMatchObject({
    status: "error",
    ename: "InterruptedError",
    traceback: ["InterruptedError: the cell was interrupted; it was not run"],
  });
  expect(ran).toEqual([]);
  expect(published).toEqual(["execute_input", "error"]);

  expect(breakOff()).toBe(false);
  const second = execute(2, { code: "2" });
  finish();
  expect(await second).toMatchObject({ status: "ok" });
  expect(ran).toHaveLength(1);
});

test("a compiler that fails fails the cell, in words", async () => {
  const { execute, published } = executor(() =>
    Promise.reject(
      Object.assign(new Error("the compiler came to an end at it (SIGKILL)"), { name: "CompilerError" }),
    ),
  );
  expect(await execute(1, { code: "1" })).toMatchObject({ status: "error", ename: "CompilerError" });
  expect(published).toEqual(["execute_input", "error"]);
});
