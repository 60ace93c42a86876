/** What the kernel has to say for itself. */
import type { Crash } from "./history.ts";

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);

export const outOfMemory = (used: number, limit: number): string =>
  `\ngradbook: JavaScript's memory is nearly full (${gigabytes(used)} of ${gigabytes(limit)} GB), so the cell is ` +
  "interrupted: with it full, the kernel would die and every variable with it. Let go of what is large " +
  "(name = undefined, array.length = 0), keep numbers in tensors or typed arrays, which lie outside of this memory, " +
  "or start Jupyter with NODE_OPTIONS=--max-old-space-size=8192 (megabytes).\n";

export function tellOfCrash({ count, code }: Crash): string {
  const [line = ""] = code.split("\n");
  const cell =
    count === undefined ? "" : `, while it ran cell ${count} (${line}${line === code ? "" : " …"})`;
  return (
    `gradbook: the kernel was killed or crashed${cell}; this is a new one, without its variables. ` +
    "If memory ran out, `free -h` tells how much there is; what Node said last is in Jupyter's own terminal.\n"
  );
}
