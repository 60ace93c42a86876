/** All that cells need TypeScript for. */
import { completeness, type Completeness } from "./completeness.ts";
import type { Complaint } from "./complaint.ts";
import { createEmitter, type Emitted } from "./emit.ts";
import { createLanguage, type Language } from "./language.ts";

export interface Compiled {
  /** What keeps the cell from being run. */
  complaints: Complaint[];
  /** JavaScript of the cell and of the expressions that were asked with it, if nothing does. */
  emitted?: { cell: Emitted; expressions: Record<string, Emitted> };
}

export interface Compiler extends Omit<Language, "check"> {
  /** Check a cell and translate it. If it is right, its names are in scope from now on. */
  compile(code: string, expressions: Record<string, string>): Compiled;
  completeness(code: string): Completeness;
}

/** Without names of its own, a session has those of the library. */
export function createCompiler(preloaded?: [declarations: string, names: string[]]): Compiler {
  const { check, complete, inspect } = createLanguage(preloaded);
  const emit = createEmitter();
  return {
    complete,
    inspect,
    completeness,
    compile(code, expressions) {
      const complaints = check(code);
      if (complaints.length > 0) return { complaints };
      const cell = emit(code);
      const each = Object.entries(expressions).map(([name, expression]) => [name, emit(expression)]);
      return { complaints, emitted: { cell, expressions: Object.fromEntries(each) } };
    },
  };
}
