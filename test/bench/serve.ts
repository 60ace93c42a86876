import { createInterface } from "node:readline";
import { measure, type Step } from "./measure.ts";

/**
 * The measured process's side of the talk with side.ts: a line `<task> <seconds>` comes in, a JSON line with its rates
 * goes out, or one with the error that kept it from being done. A task is prepared once, however often it is asked for.
 * @param prepare makes a task ready and answers its step; undefined for a task that is not there
 */
export async function serve(
  prepare: (task: string) => Step | undefined | Promise<Step | undefined>,
): Promise<void> {
  const prepared = new Map<string, Step>();
  for await (const line of createInterface({ input: process.stdin })) {
    const [task, seconds] = line.split(" ");
    try {
      const step = prepared.get(task) ?? (await prepare(task));
      if (!step) throw new Error("not among its tasks");
      prepared.set(task, step);
      console.log(JSON.stringify(await measure(step, Number(seconds))));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      console.log(JSON.stringify({ error: message.split("\n")[0] }));
    }
  }
}
