/**
 * The compiler, in a process of its own, so that it holds up neither Jupyter's messages nor the user's code. Should it
 * come to an end, another takes its place and learns what the earlier cells declared.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { Compiler } from "../compiler/compiler.ts";
import type { Answer, Question } from "../compiler/main.ts";
import { compilerProgram, compilerSnapshot } from "../names.ts";

/** The compiler's methods, answered later. */
export type RemoteCompiler = {
  [Name in keyof Compiler]: (...of: Parameters<Compiler[Name]>) => Promise<ReturnType<Compiler[Name]>>;
};

interface Asked {
  question: Question;
  settle: (answer: Answer) => void;
}

export function startCompiler(): RemoteCompiler {
  const directory = process.cwd();
  /** In order; the process works at the first. */
  const waiting: Asked[] = [];
  /** Cells that were found right. */
  let cells: string[] = [];
  let current: ChildProcess | undefined;

  const start = (fromSnapshot: boolean): void => {
    const flags = fromSnapshot ? ["--snapshot-blob", compilerSnapshot] : [compilerProgram];
    const child = spawn(process.execPath, flags, { cwd: directory, stdio: ["pipe", "pipe", "inherit"] });
    current = child;
    let hasAnswered = false;
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        hasAnswered = true;
        waiting.shift()?.settle(JSON.parse(line) as Answer);
      }
    });
    // Its end is told below.
    child.stdin.on("error", () => {});
    child.once("close", (code, signal) => {
      current = undefined;
      // Another Node than the one that made the snapshot does not take it.
      if (fromSnapshot && !hasAnswered) start(false);
      else {
        const end = signal ?? `exit code ${code}`;
        waiting.shift()?.settle({ failure: { message: `the compiler came to an end at it (${end})` } });
        if (!hasAnswered) return;
        start(false);
        learnAgain();
      }
      for (const { question } of waiting) write(question);
    });
  };

  const write = (question: Question): void => void current?.stdin?.write(`${JSON.stringify(question)}\n`);

  const learnAgain = (): void => {
    const known = cells;
    cells = [];
    const again = known.map((code): Asked => {
      const question: Question = ["compile", code, {}];
      return {
        question,
        settle: (answer) => {
          if ("value" in answer) cells.push(code);
        },
      };
    });
    waiting.unshift(...again);
  };

  const ask = <Value>(...question: Question): Promise<Value> =>
    new Promise((resolve, reject) => {
      if (!current) start(false);
      waiting.push({
        question,
        settle(answer) {
          if (!("failure" in answer)) return resolve(answer.value as Value);
          reject(Object.assign(new Error(answer.failure.message), { name: "CompilerError" }, answer.failure));
        },
      });
      write(question);
    });

  start(existsSync(compilerSnapshot));
  return {
    async compile(code, expressions) {
      const compiled = await ask<ReturnType<Compiler["compile"]>>("compile", code, expressions);
      if (compiled.emitted) cells.push(code);
      return compiled;
    },
    complete: (code, position) => ask("complete", code, position),
    inspect: (code, position) => ask("inspect", code, position),
    completeness: (code) => ask("completeness", code),
  };
}
