/**
 * V8's JSON functions take an interrupt in their midst and lose the termination it asks for, so a loop over them
 * could not be ended. They ask for themselves.
 */
import type { Signals } from "../signals.ts";
import { currentCell, InterruptedError } from "./cell.ts";

export function installInterruptibleJson(signals: Signals): void {
  for (const name of ["parse", "stringify"] as const) {
    const original = JSON[name] as (...values: unknown[]) => unknown;
    const asking = (...values: unknown[]): unknown => {
      if (signals.terminating() && !currentCell().ending) throw new InterruptedError();
      // As a method, so that a traceback calls it JSON.parse.
      return Reflect.apply(original, JSON, values);
    };
    Object.defineProperties(asking, {
      name: { value: name, configurable: true },
      length: { value: original.length, configurable: true },
    });
    Object.defineProperty(JSON, name, {
      value: asking,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}
