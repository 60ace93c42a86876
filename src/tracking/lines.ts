/** The JSON objects of whole lines. A line that is torn, as by a full disk or a lost process, is left out. */
export function parseLines(bytes: Buffer): Record<string, unknown>[] {
  const text = bytes.toString("utf8", 0, wholeLines(bytes));
  if (text === "") return [];
  try {
    // At once is twice as fast as line by line.
    return (JSON.parse(`[${text.slice(0, -1).replaceAll("\n", ",")}]`) as unknown[]).filter(isObject);
  } catch {
    return text.split("\n").flatMap((line) => {
      const value = parseLine(line);
      return value ? [value] : [];
    });
  }
}

/** How many bytes its whole lines take: what follows the last line end is still being written, or torn. */
export const wholeLines = (bytes: Buffer): number => bytes.lastIndexOf("\n") + 1;

/** @returns undefined if it is torn */
export function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
