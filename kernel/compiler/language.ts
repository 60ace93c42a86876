/** TypeScript for cells: checking, completion and inspection, with every earlier cell's names in scope. */
import { relative } from "node:path";
import ts from "typescript";
import type { Inspection } from "../io/inspection.ts";
import { augments, cellModule, declarationsOf, declaredSources } from "./cellModule.ts";
import { createCellProgram } from "./cellProgram.ts";
import { complaintOf, type Complaint } from "./complaint.ts";
import { completionAt, type Completion } from "./completion.ts";
import { cellOptions } from "./compilerOptions.ts";
import { createEnvironment } from "./environment.ts";
import { createNotebookOptions } from "./notebookOptions.ts";
import { preloadedDeclarations } from "./preloaded.ts";

export interface Language {
  /** Check a cell; if it is right, its names are in scope from now on. */
  check(code: string): Complaint[];
  complete(code: string, position: number): Completion;
  inspect(code: string, position: number): Inspection | undefined;
}

/** Without names of its own, a session has those of the library. */
export function createLanguage(preloaded = preloadedDeclarations()): Language {
  // The process that goes on from V8's snapshot is in another folder than the one that made it.
  const directory = (): string => process.cwd().replaceAll("\\", "/");
  const environment = createEnvironment(directory, cellOptions);
  const cells = createCellProgram(directory, environment);
  const notebook = createNotebookOptions(directory);
  const sources = new Map<string, string>();

  cells.keepImports(environment.add(...preloaded));
  // The first program is slow, for it reads every declaration of the library: have it done before the first cell.
  cells.open("", notebook.current());

  /** TypeScript has its mistakes too, and its checker is kept: after one it is no longer to be relied on. */
  const startingOverIfItFails =
    <Asked extends unknown[], Answer>(ask: (...of: Asked) => Answer) =>
    (...of: Asked): Answer => {
      try {
        return ask(...of);
      } catch (error) {
        cells.startOver();
        throw error;
      }
    };

  return {
    check: startingOverIfItFails((written: string) => {
      const { code, parsed, names, text } = cellModule(written);
      if (parsed.parseDiagnostics.length > 0)
        return parsed.parseDiagnostics.map((diagnostic) => complaintOf(diagnostic, parsed));
      const asked = notebook.askedBy(code);
      if (asked.complaints.length > 0) return asked.complaints;
      const { program, file } = cells.open(text, asked.options);
      const complaints = [
        ...located(program.getSemanticDiagnostics(file))
          // The exports at the end are not the user's.
          .filter(({ start }) => start < code.length)
          .map((diagnostic) => complaintOf(diagnostic, file)),
        ...cells
          .localImports(file)
          .flatMap((local) =>
            located([
              ...program.getSyntacticDiagnostics(local),
              ...program.getSemanticDiagnostics(local),
            ]).map((diagnostic) => complaintOf(diagnostic, local, relative(directory(), local.fileName))),
          ),
      ];
      if (complaints.length > 0) return complaints;
      asked.keep();
      if (names.length > 0 || augments(file)) {
        const module = environment.add(declarationsOf(program, file), names);
        if (augments(module)) cells.keepModule(module);
      }
      cells.keepImports(file);
      for (const [name, source] of declaredSources(parsed)) sources.set(name, source);
      return [];
    }),
    complete: startingOverIfItFails((code: string, position: number) => {
      const { file } = cells.open(code, notebook.current());
      return completionAt(code, position, file.fileName, cells.service);
    }),
    inspect: startingOverIfItFails((code: string, position: number) => {
      const { file } = cells.open(code, notebook.current());
      const info = cells.service.getQuickInfoAtPosition(file.fileName, position);
      // Of a name that nothing declares TypeScript says that it is any.
      if (!info || info.kind === ts.ScriptElementKind.unknown) return undefined;
      const { start, length } = info.textSpan;
      const source = sources.get(code.slice(start, start + length));
      return {
        signature: ts.displayPartsToString(info.displayParts),
        documentation: ts.displayPartsToString(info.documentation),
        tags: (info.tags ?? []).map((tag) => [tag.name, ts.displayPartsToString(tag.text)]),
        ...(source !== undefined && { source }),
      };
    }),
  };
}

const located = (diagnostics: readonly ts.Diagnostic[]): ts.DiagnosticWithLocation[] =>
  diagnostics.filter((diagnostic): diagnostic is ts.DiagnosticWithLocation => diagnostic.file !== undefined);
