/** Type errors as a cell's failure: what is wrong, where, and the line with the place underlined. */
import type { Failure } from "../channel.ts";
import type { Complaint } from "../compiler/complaint.ts";

const shownAtMost = 10;

export function describeComplaints(complaints: Complaint[], code: string, label: string): Failure {
  const lines = code.split("\n");
  const place = ({ fileName, start }: Complaint): string => `${fileName ?? label}, line ${start.line + 1}`;

  const underlined = ({ start, end, fileName }: Complaint): string[] => {
    const line = lines[start.line];
    if (fileName !== undefined || line === undefined) return [];
    const stop = end.line === start.line ? end.character : line.length;
    const number = String(start.line + 1);
    return [
      `  ${number} | ${line}`,
      `  ${" ".repeat(number.length)} | ${" ".repeat(start.character)}${"~".repeat(Math.max(1, stop - start.character))}`,
    ];
  };

  const traceback = complaints
    .slice(0, shownAtMost)
    .flatMap((complaint) => [
      `${place(complaint)}: ${complaint.message}`,
      ...underlined(complaint),
      ...complaint.reasons.map((reason) => `    ${reason}`),
    ]);
  const more = complaints.length - shownAtMost;
  if (more > 0) traceback.push(`… and ${more} more`);
  const first = complaints[0]!;
  const message = `${place(first)}: ${first.message}`;
  return {
    name: "TypeScriptError",
    message,
    traceback: [`TypeScriptError: the cell was not run`, ...traceback],
  };
}
