/** TypeScript for cells: checking, completion and inspection, with every earlier cell's names in scope. */
import { relative } from "node:path";
import ts from "typescript";
import type { Inspection } from "../inspection.ts";
import { createCellProgram } from "./cellProgram.ts";
import { complaintOf, type Complaint } from "./complaint.ts";
import { completionAt, type Completion } from "./completion.ts";
import { cellOptions } from "./compilerOptions.ts";
import { createEnvironment, augments } from "./environment.ts";
import { namesOf, parseModule, type InternalSourceFile } from "./internals.ts";
import { preloadedDeclarations } from "./preloaded.ts";

export interface Language {
  /** Check a cell; if it is right, its names are in scope from now on. */
  check(code: string): Complaint[];
  complete(code: string, position: number): Completion;
  inspect(code: string, position: number): Inspection | undefined;
}

/** Without names of its own, a session has those of the library. */
export function createLanguage(preloaded = preloadedDeclarations()): Language {
  const directory = ts.sys.getCurrentDirectory();
  const environment = createEnvironment(directory, cellOptions);
  const cells = createCellProgram(directory, environment);
  const sources = new Map<string, string>();

  cells.keepImports(environment.add(...preloaded));
  // The first program is slow, for it reads every declaration of the library: have it done before the first cell.
  cells.open("");

  return {
    check(written) {
      const code = withoutExports(written);
      const parsed = parseModule("cell.ts", code);
      if (parsed.parseDiagnostics.length > 0)
        return parsed.parseDiagnostics.map((diagnostic) => complaintOf(diagnostic, parsed));
      const names = declaredNames(parsed);
      // What a module does not export is no part of its declarations.
      const { program, file } = cells.open(
        names.length > 0 ? `${code}\nexport { ${names.join(", ")} };` : code,
      );
      const complaints = [
        ...located(program.getSemanticDiagnostics(file))
          .filter(({ start }) => start < code.length)
          .map((diagnostic) => complaintOf(diagnostic, file)),
        ...cells
          .localImports(file)
          .flatMap((local) =>
            located([
              ...program.getSyntacticDiagnostics(local),
              ...program.getSemanticDiagnostics(local),
            ]).map((diagnostic) => complaintOf(diagnostic, local, relative(directory, local.fileName))),
          ),
      ];
      if (complaints.length > 0) return complaints;
      if (names.length > 0 || augments(file)) {
        const module = environment.add(declarationsOf(program, file), names);
        if (augments(module)) cells.keepModule(module);
      }
      cells.keepImports(file);
      for (const [name, source] of declaredSources(parsed)) sources.set(name, source);
      return [];
    },
    complete(code, position) {
      const { file } = cells.open(code);
      return completionAt(
        code,
        position,
        cells.service.getCompletionsAtPosition(file.fileName, position, {}),
      );
    },
    inspect(code, position) {
      const { file } = cells.open(code);
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
    },
  };
}

const located = (diagnostics: readonly ts.Diagnostic[]): ts.DiagnosticWithLocation[] =>
  diagnostics.filter((diagnostic): diagnostic is ts.DiagnosticWithLocation => diagnostic.file !== undefined);

/** The names of a cell's top level, as they are written. */
function declaredNames(file: InternalSourceFile): string[] {
  const names: string[] = [];
  for (const [name] of namesOf(file, cellOptions).entries()) {
    // TypeScript's own entries, for `declare global` and `declare module "m"`, are no identifiers.
    const isIdentifier = !/^(?:"|__(?!_))/.test(name as string);
    if (isIdentifier) names.push(ts.unescapeLeadingUnderscores(name));
  }
  return names;
}

/** The cell as a later one needs it: types for all that it declares, also where no name can be given to one. */
function declarationsOf(program: ts.Program, file: ts.SourceFile): string {
  let declarations = "";
  const emit = program.emit as (...values: [...Parameters<ts.Program["emit"]>, forced: boolean]) => void;
  emit(file, (_, text) => (declarations = text), undefined, true, undefined, true);
  return declarations;
}

/** The statements of a cell by the names they declare. */
function declaredSources(file: ts.SourceFile): [string, string][] {
  return file.statements.flatMap((statement): [string, string][] => {
    const declared: readonly { name?: ts.Node }[] = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
      : [statement as { name?: ts.Node }];
    return declared.flatMap(({ name }) =>
      name && ts.isIdentifier(name) ? [[name.text, statement.getText(file)]] : [],
    );
  });
}

/** `export` declares a name of the session like any other; blanks in its place keep every position. */
function withoutExports(code: string): string {
  if (!code.includes("export")) return code;
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest);
  let blanked = code;
  const blank = (start: number, end: number): void => {
    blanked = blanked.slice(0, start) + blanked.slice(start, end).replace(/[^\n]/g, " ") + blanked.slice(end);
  };
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier)
      blank(statement.getStart(file), statement.end);
    const named = ts.isVariableStatement(statement) || (statement as { name?: unknown }).name !== undefined;
    if (!named || !ts.canHaveModifiers(statement)) continue;
    for (const { kind, end } of ts.getModifiers(statement) ?? [])
      if (kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword)
        blank(end - ts.tokenToString(kind)!.length, end);
  }
  return blanked;
}
