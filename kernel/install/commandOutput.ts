import { execFile } from "node:child_process";

/** What a program prints, or undefined where it is missing or fails. */
export function commandOutput(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, (error, output) => resolve(error ? undefined : output));
  });
}
