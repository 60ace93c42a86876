/** What TypeScript finds wrong, where the user can see it. */
import ts from "typescript";

/** Lines and characters count from 0. */
export interface Place {
  line: number;
  character: number;
}

export interface Complaint {
  /** Set where the complaint is about a local file, not the cell. */
  fileName?: string;
  start: Place;
  end: Place;
  message: string;
  /** Why: each line explains the one before. */
  reasons: string[];
}

export function complaintOf(
  { start, length, messageText }: ts.DiagnosticWithLocation,
  file: ts.SourceFileLike,
  fileName?: string,
): Complaint {
  const [message = "", ...reasons] = ts.flattenDiagnosticMessageText(messageText, "\n").split("\n");
  return {
    ...(fileName !== undefined && { fileName }),
    start: ts.getLineAndCharacterOfPosition(file, start),
    end: ts.getLineAndCharacterOfPosition(file, start + length),
    message,
    reasons: reasons.map((reason) => reason.trim()),
  };
}
