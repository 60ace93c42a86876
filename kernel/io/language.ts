/** TypeScript for cells: checking, completion and inspection, with every earlier cell's names in scope. */
import { preloadedDeclarations } from "./declarations.ts";
import { helpRequest } from "./help.ts";
import type { Inspection } from "./inspection.ts";
import { tslab, typescript as ts, type Diagnostic } from "./typescript.ts";

export interface Completion {
  /** The range the completion replaces, in UTF-16 units. */
  start: number;
  end: number;
  entries: { text: string; kind: string }[];
}

export type Completeness = { status: "complete" | "invalid" } | { status: "incomplete"; indent: string };

export interface Language {
  /** Check a cell; if it is right, its names are in scope from now on. */
  check(code: string): Diagnostic[];
  complete(code: string, position: number): Completion;
  inspect(code: string, position: number): Inspection | undefined;
}

export function createLanguage(): Language {
  const converter = tslab.createConverter({ isJS: false, isBrowser: false });
  let declarations = preloadedDeclarations();
  const sources = new Map<string, string>();
  // The first check is slow, for it reads every declaration of the library: have it done before the first cell.
  converter.convert(declarations, "");
  return {
    check(code) {
      const { diagnostics, declOutput } = converter.convert(declarations, withoutExports(code));
      if (diagnostics.length > 0) return diagnostics;
      declarations = declOutput ?? declarations;
      for (const [name, source] of declaredSources(code)) sources.set(name, source);
      return [];
    },
    complete(code, position) {
      const { start, end, candidates, original } = converter.complete(declarations, code, position);
      const kinds = new Map(original?.entries.map(({ name, kind }) => [name, kind as string]));
      return { start, end, entries: candidates.map((text) => ({ text, kind: kinds.get(text) ?? "" })) };
    },
    inspect(code, position) {
      const info = converter.inspect(declarations, code, position);
      if (!info) return undefined;
      const text = (parts: readonly { text: string }[] = []): string =>
        parts.map((part) => part.text).join("");
      const { start, length } = info.textSpan;
      const source = sources.get(code.slice(start, start + length));
      return {
        signature: text(info.displayParts),
        documentation: text(info.documentation),
        tags: (info.tags ?? []).map((tag) => [tag.name, text(tag.text)]),
        ...(source !== undefined && { source }),
      };
    },
  };
}

/** The statements of a cell by the names they declare. */
function declaredSources(code: string): [string, string][] {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest);
  return file.statements.flatMap((statement): [string, string][] => {
    const declared = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
      : [statement as { name?: import("typescript").Node }];
    return declared.flatMap(({ name }) =>
      name && ts.isIdentifier(name as import("typescript").Node)
        ? [[(name as import("typescript").Identifier).text, statement.getText(file)]]
        : [],
    );
  });
}

/** `export` declares a name of the session like any other; blanks in its place keep every position. */
function withoutExports(code: string): string {
  if (!code.includes("export")) return code;
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest);
  let blanked = code;
  for (const statement of file.statements) {
    const named = ts.isVariableStatement(statement) || (statement as { name?: unknown }).name !== undefined;
    if (!named || !ts.canHaveModifiers(statement)) continue;
    for (const { kind, end } of ts.getModifiers(statement) ?? []) {
      if (kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword) continue;
      const start = end - ts.tokenToString(kind)!.length;
      blanked = blanked.slice(0, start) + " ".repeat(end - start) + blanked.slice(end);
    }
  }
  return blanked;
}

/** Is this a whole cell? Code that breaks off is incomplete; code that is wrong before its end is invalid. */
export function completeness(code: string): Completeness {
  if (helpRequest(code)) return { status: "complete" };
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest);
  const { parseDiagnostics = [] } = file as {
    parseDiagnostics?: readonly { start: number; length: number; code: number }[];
  };
  if (parseDiagnostics.length === 0) return { status: "complete" };
  const end = code.trimEnd().length;
  const breaksOff = parseDiagnostics.every(
    ({ start, length, code: kind }) => start >= end || (unterminated.has(kind) && start + length >= end),
  );
  return breaksOff
    ? { status: "incomplete", indent: tslab.isCompleteCode(code).indent ?? "" }
    : { status: "invalid" };
}

/** TypeScript's codes for a string, template, comment or regular expression without an end. */
const unterminated = new Set([1002, 1160, 1010, 1161]);

export type { Diagnostic } from "./typescript.ts";
