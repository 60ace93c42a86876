import type { HistoryStatus } from "../train/index.ts";
import { closest } from "../util/closest.ts";

export interface Choice {
  /** The callback that records them. */
  readonly recordedBy: string;
  /** One that still runs may have nothing yet. */
  readonly status: HistoryStatus;
  readonly known: readonly string[];
  readonly asked: readonly string[] | undefined;
  /** Which of the known are shown unless others are asked for. Default: all. */
  readonly usual?: (name: string) => boolean;
  /** At most so many unless they are asked for. Default 9: more panels do not fit a page. */
  readonly most?: number;
}

/** The recorded things that a figure shows. @throws TypeError if nothing was recorded, RangeError if a name is unknown */
export function chosenNames(operation: string, choice: Choice): string[] {
  const { recordedBy, status, known, asked, usual = () => true, most = 9 } = choice;
  if (known.length === 0 && status === "running") return [];
  if (known.length === 0)
    throw new TypeError(
      `plot.${operation}: the history holds none; train with train.fit(model, { …, callbacks: [${recordedBy}] })`,
    );
  if (!asked) {
    const found = known.filter(usual);
    return (found.length > 0 ? found : [...known]).slice(0, most);
  }
  for (const name of asked)
    if (!known.includes(name)) {
      const near = closest(name, known);
      throw new RangeError(
        `plot.${operation}: nothing was recorded of "${name}"${near ? `; did you mean "${near}"?` : ""} ` +
          `Known: ${known.join(", ")}`,
      );
    }
  return [...asked];
}
