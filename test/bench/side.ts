import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";

/** An answer, or why there is none. */
export type Answer<T> = T | { readonly error: string };

/**
 * A process that answers lines with JSON lines: ours, or a peer's. It starts at the first question and stays, so that
 * libraries load, compile and warm up once; one that takes too long is ended, and started afresh at the next question.
 * Between questions it is stopped, so that whoever is asked has the machine alone: threads that wait for work by
 * spinning, compilers and collectors would go on in the others' turns. (Windows has no such signals.)
 */
export class Side {
  readonly name: string;
  readonly #command: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;
  #process: ChildProcess | undefined;
  #lines: Interface | undefined;
  #complaints = "";

  constructor(name: string, command: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.name = name;
    this.#command = command;
    this.#environment = environment;
    // A process that is stopped would not notice that nobody is left to ask it.
    process.on("exit", () => this.close());
  }

  /** @param limit seconds after which it counts as having no answer */
  ask<T>(question: string, limit: number): Promise<Answer<T>> {
    if (this.#process) this.#signal("SIGCONT");
    else this.#start();
    const [child, lines] = [this.#process!, this.#lines!];
    return new Promise((resolve) => {
      const answer = (value: Answer<T>): void => {
        clearTimeout(timer);
        lines.off("line", onLine);
        child.off("close", onEnd);
        this.#signal("SIGSTOP");
        resolve(value);
      };
      // Libraries greet on standard output; an answer is an object.
      const onLine = (line: string): void => {
        if (line.startsWith("{")) answer(JSON.parse(line) as Answer<T>);
      };
      const onEnd = (): void => {
        this.#process = undefined;
        answer({ error: this.#complaints.trim().split("\n").at(-1) || "its process ended" });
      };
      const timer = setTimeout(() => {
        this.close();
        answer({ error: `no answer within ${limit} s` });
      }, 1000 * limit);
      lines.on("line", onLine);
      child.once("close", onEnd);
      child.stdin!.write(`${question}\n`);
    });
  }

  close(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  #signal(signal: "SIGSTOP" | "SIGCONT"): void {
    if (process.platform !== "win32") this.#process?.kill(signal);
  }

  #start(): void {
    const [program, ...args] = this.#command;
    this.#complaints = "";
    this.#process = spawn(program, args, {
      env: { ...process.env, ...this.#environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#process.on("error", (error) => (this.#complaints += error.message));
    this.#process.stdin!.on("error", () => {}); // it ended; "close" tells
    this.#process.stderr!.on("data", (chunk: Buffer) => (this.#complaints += chunk.toString()));
    this.#lines = createInterface({ input: this.#process.stdout! });
  }
}
