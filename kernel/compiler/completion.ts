/** What could stand where the cursor is: what fits best first. */
import type ts from "typescript";

export interface Completion {
  /** The range that the completion replaces, in UTF-16 units. */
  start: number;
  end: number;
  entries: { text: string; kind: string }[];
}

/** TypeScript's list, narrowed to what the word before the cursor can become. */
export function completionAt(
  code: string,
  position: number,
  list: ts.CompletionInfo | undefined,
): Completion {
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
  const [before = ""] = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, position)) ?? [];
  const [after = ""] = /^[\p{ID_Continue}$]*/u.exec(code.slice(position)) ?? [];
  return { start: position - before.length, end: position + after.length };
}
