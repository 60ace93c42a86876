/** Type errors as a cell's failure: what is wrong, where, and the line with the place underlined. */
import type { Failure } from "../channel.ts";
import type { Diagnostic } from "./language.ts";

const shownAtMost = 10;

export function describeComplaints(diagnostics: Diagnostic[], code: string, label: string): Failure {
  const lines = code.split("\n");
  const place = ({ fileName, start }: Diagnostic): string => `${fileName ?? label}, line ${start.line + 1}`;

  const underlined = ({ start, end, fileName }: Diagnostic): string[] => {
    const line = lines[start.line];
    if (fileName !== undefined || line === undefined) return [];
    const stop = end.line === start.line ? end.character : line.length;
    const number = String(start.line + 1);
    return [
      `  ${number} | ${line}`,
      `  ${" ".repeat(number.length)} | ${" ".repeat(start.character)}${"~".repeat(Math.max(1, stop - start.character))}`,
    ];
  };

  const traceback: string[] = [];
  let previous: Diagnostic | undefined;
  for (const diagnostic of diagnostics.slice(0, shownAtMost)) {
    // tslab spreads one complaint over several: what follows at the same place explains the first.
    const explains =
      previous?.start.offset === diagnostic.start.offset && previous.fileName === diagnostic.fileName;
    if (explains) traceback.push(`    ${diagnostic.messageText}`);
    else traceback.push(`${place(diagnostic)}: ${diagnostic.messageText}`, ...underlined(diagnostic));
    previous = diagnostic;
  }
  const more = diagnostics.length - shownAtMost;
  if (more > 0) traceback.push(`… and ${more} more`);
  const first = diagnostics[0]!;
  const message = `${place(first)}: ${first.messageText}`;
  return {
    name: "TypeScriptError",
    message,
    traceback: [`TypeScriptError: the cell was not run`, ...traceback],
  };
}
