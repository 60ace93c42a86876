/** Is this a whole cell? Consoles ask when Enter is pressed: run it, or go on with the next line? */
import ts from "typescript";
import { helpRequest } from "../io/help.ts";
import { parseModule } from "./internals.ts";

export type Completeness = { status: "complete" | "invalid" } | { status: "incomplete"; indent: string };

/** Code that breaks off is incomplete; code that is wrong before its end is invalid. */
export function completeness(code: string): Completeness {
  if (helpRequest(code)) return { status: "complete" };
  const { parseDiagnostics } = parseModule("cell.ts", code);
  if (parseDiagnostics.length === 0) return { status: "complete" };
  const end = code.trimEnd().length;
  const breaksOff = parseDiagnostics.every(
    ({ start, length, code: kind }) => start >= end || (unterminated.has(kind) && start + length >= end),
  );
  return breaksOff ? { status: "incomplete", indent: nextIndent(code) } : { status: "invalid" };
}

/** TypeScript's codes for a string, template, comment or regular expression without an end. */
const unterminated = new Set([1002, 1160, 1010, 1161]);

const opening = new Set([
  ts.SyntaxKind.OpenBraceToken,
  ts.SyntaxKind.OpenBracketToken,
  ts.SyntaxKind.OpenParenToken,
]);
const closing = new Set([
  ts.SyntaxKind.CloseBraceToken,
  ts.SyntaxKind.CloseBracketToken,
  ts.SyntaxKind.CloseParenToken,
]);

/** The last line's indent, and a step more if a bracket that it opens stays open. */
function nextIndent(code: string): string {
  const line = code.slice(code.lastIndexOf("\n") + 1);
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, line);
  let open = 0;
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (opening.has(token)) open++;
    if (closing.has(token)) open = Math.max(0, open - 1);
  }
  const [indent = ""] = /^\s*/.exec(line) ?? [];
  return open > 0 ? `${indent}  ` : indent;
}
