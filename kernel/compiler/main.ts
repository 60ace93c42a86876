/**
 * The compiler's process. It answers what the kernel's I/O thread asks, in order: each question and each answer is a line
 * of JSON. It ends when nobody can ask any more.
 *
 * To parse the declarations of TypeScript, Node and the library takes more than a second. So V8 can keep this process as
 * it stands after that, `node --build-snapshot`, and begins later ones from there.
 */
import { readSync, writeFileSync } from "node:fs";
import { startupSnapshot } from "node:v8";
import { createCompiler, type Compiler } from "./compiler.ts";
import { preloadedDeclarations } from "./preloaded.ts";
import { rehearse, rehearseSession } from "./rehearsal.ts";

/** A method of the compiler's and what it is called with. */
export type Question = {
  [Name in keyof Compiler]: [name: Name, ...of: Parameters<Compiler[Name]>];
}[keyof Compiler];

export type Answer = { value?: unknown } | { failure: { message: string; stack?: string } };

// TypeScript sorts completions by the user's language, and `completionAt` once more after it. The first collator of a
// process costs as much as ten completions, and V8's snapshot cannot hold one.
Object.assign(Intl, {
  Collator: class {
    compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  },
});

const preloaded = preloadedDeclarations();

const compiler = createCompiler(preloaded);

if (startupSnapshot.isBuildingSnapshot()) {
  rehearseSession(createCompiler(preloaded));
  rehearse(compiler);
  startupSnapshot.setDeserializeMainFunction(serve);
} else serve();

function serve(): void {
  // An interrupt from the keyboard is for the cell that runs.
  process.on("SIGINT", () => {});
  for (const line of lines(0)) writeFileSync(1, `${JSON.stringify(answer(JSON.parse(line) as Question))}\n`);
}

/** The process sleeps while it reads: there is nothing else for it to do, and no event loop is as quick to wake. */
function* lines(input: number): Iterable<string> {
  const chunk = Buffer.alloc(65_536);
  let rest: Buffer = Buffer.alloc(0);
  for (let length = readSync(input, chunk); length > 0; length = readSync(input, chunk)) {
    rest = Buffer.concat([rest, chunk.subarray(0, length)]);
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      yield rest.toString("utf8", 0, end);
      rest = rest.subarray(end + 1);
    }
  }
}

function answer([name, ...of]: Question): Answer {
  try {
    const method = compiler[name] as (...values: unknown[]) => unknown;
    return { value: method(...of) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { failure: { message, ...(stack !== undefined && { stack }) } };
  }
}
