/** What could stand where the cursor is: what fits best first. */
import type ts from "typescript";
import type { InternalChecker } from "./internals.ts";

export interface Completion {
  /** The range that the completion replaces, in UTF-16 units. */
  start: number;
  end: number;
  entries: { text: string; kind: string }[];
}

/** What the service suggests, narrowed to what the word before the cursor can become. */
export function completionAt(
  code: string,
  position: number,
  fileName: string,
  service: ts.LanguageService,
): Completion {
  const checker = service.getProgram()!.getTypeChecker() as InternalChecker;
  const list = lookingOnlyAt(wordAround(code, position).before, checker, () =>
    service.getCompletionsAtPosition(fileName, position, {}),
  );
  const { start, end } = rangeAt(code, position, list);
  const typed = code.slice(start, position);
  const entries = (list?.entries ?? [])
    .map((entry) => ({ entry, rank: rank(entry.name, typed) }))
    .filter(({ rank }) => rank < ranks.length)
    .sort(
      (a, b) =>
        a.rank - b.rank || compare(a.entry.sortText, b.entry.sortText) || compare(a.entry.name, b.entry.name),
    )
    .map(({ entry: { name, kind } }) => ({ text: name, kind: kind as string }));
  return { start, end, entries };
}

/** The checker finds out much about every name that is in scope or is a member: here only of what `typed` can become. */
function lookingOnlyAt<T>(typed: string, checker: InternalChecker, complete: () => T): T {
  const { getSymbolsInScope, isValidPropertyAccessForCompletions } = checker;
  const fits = (symbol: ts.Symbol): boolean => rank(symbol.name, typed) < ranks.length;
  checker.getSymbolsInScope = (...scope) => getSymbolsInScope(...scope).filter(fits);
  checker.isValidPropertyAccessForCompletions = (node, type, symbol) =>
    fits(symbol) && isValidPropertyAccessForCompletions(node, type, symbol);
  try {
    return complete();
  } finally {
    Object.assign(checker, { getSymbolsInScope, isValidPropertyAccessForCompletions });
  }
}

/** How a name may match what was typed, the best first. */
const ranks: ((name: string, typed: string) => boolean)[] = [
  (name, typed) => name.startsWith(typed),
  (name, typed) => name.toLowerCase().startsWith(typed.toLowerCase()),
  (name, typed) => name.toLowerCase().includes(typed.toLowerCase()),
];

/** Its place in `ranks`; behind the last if it matches in no way. */
function rank(name: string, typed: string): number {
  const found = ranks.findIndex((matches) => matches(name, typed));
  return found < 0 ? ranks.length : found;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The word at the cursor, or the part of a string that TypeScript would replace. */
function rangeAt(code: string, position: number, list: ts.CompletionInfo | undefined) {
  const span =
    list?.optionalReplacementSpan ??
    list?.entries.find(({ replacementSpan }) => replacementSpan)?.replacementSpan;
  if (span) return { start: span.start, end: span.start + span.length };
  const { before, after } = wordAround(code, position);
  return { start: position - before.length, end: position + after.length };
}

function wordAround(code: string, position: number) {
  const [before = ""] = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, position)) ?? [];
  const [after = ""] = /^[\p{ID_Continue}$]*/u.exec(code.slice(position)) ?? [];
  return { before, after };
}
