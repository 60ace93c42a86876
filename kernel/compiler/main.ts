/**
 * The compiler's process. It answers what the kernel's I/O thread asks, in order: each question and each answer is a line
 * of JSON. It ends when nobody can ask any more.
 *
 * To parse the declarations of TypeScript, Node and the library takes more than a second. So V8 can keep this process as
 * it stands after that, `node --build-snapshot`, and begins later ones from there.
 */
import { createInterface } from "node:readline";
import { startupSnapshot } from "node:v8";
import { createCompiler, type Compiler } from "./compiler.ts";
import { preloadedDeclarations } from "./preloaded.ts";

/** A method of the compiler's and what it is called with. */
export type Question = {
  [Name in keyof Compiler]: [name: Name, ...of: Parameters<Compiler[Name]>];
}[keyof Compiler];

export type Answer = { value?: unknown } | { failure: { message: string; stack?: string } };

const preloaded = preloadedDeclarations();

if (startupSnapshot.isBuildingSnapshot()) {
  createCompiler(preloaded).compile("1 + 1", {});
  startupSnapshot.setDeserializeMainFunction(serve);
} else serve();

function serve(): void {
  // An interrupt from the keyboard is for the cell that runs.
  process.on("SIGINT", () => {});
  const compiler = createCompiler(preloaded);
  createInterface({ input: process.stdin }).on("line", (line) => {
    process.stdout.write(`${JSON.stringify(answer(compiler, JSON.parse(line) as Question))}\n`);
  });
}

function answer(compiler: Compiler, [name, ...of]: Question): Answer {
  try {
    const method = compiler[name] as (...values: unknown[]) => unknown;
    return { value: method(...of) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { failure: { message, ...(stack !== undefined && { stack }) } };
  }
}
