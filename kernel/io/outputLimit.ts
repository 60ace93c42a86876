/** How much of a cell's output the page gets. What a runaway loop prints beyond that goes to a file. */
import { appendFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StreamChunk } from "./streams.ts";

/** UTF-16 units of text, and displays, that one cell may show. */
export const shownAtMost = { text: 2_000_000, displays: 2000 };
/** The most that is kept of one cell, in UTF-16 units: a loop may print for hours. */
const keptAtMost = 256_000_000;
/** Text is gathered before it is written. */
const writtenAtOnce = 1_000_000;

export interface OutputLimit {
  /** Pass the text on, or keep it. */
  write(chunk: StreamChunk): void;
  /** Whether the cell may show one thing more. */
  allowsDisplay(origin: number): boolean;
  /** The cell's output was cleared, and may fill up again. */
  cleared(origin: number): void;
  /** The cell has ended: say what was left out, and where it lies. */
  finish(origin: number): void;
}

interface Printed {
  total: number;
  displays: number;
  /** Not yet written; before the limit is reached, all that was printed. */
  held: string[];
  heldLength: number;
  file?: string;
  /** Why the file could not be written. */
  failure?: unknown;
}

export function createOutputLimit(
  pass: (chunk: StreamChunk) => void,
  nameOf: (origin: number) => string,
): OutputLimit {
  const cells = new Map<number, Printed>();

  const printedBy = (origin: number): Printed => {
    let printed = cells.get(origin);
    if (!printed) cells.set(origin, (printed = { total: 0, displays: 0, held: [], heldLength: 0 }));
    return printed;
  };

  const tell = (origin: number, text: string): void =>
    pass({ origin, name: "stderr", text: `\ngradbook: ${text}\n` });

  const writeOut = (printed: Printed): void => {
    if (printed.file === undefined || printed.heldLength === 0) return;
    const text = printed.held.splice(0).join("");
    printed.heldLength = 0;
    if (printed.failure !== undefined) return;
    try {
      appendFileSync(printed.file, text, { mode: 0o600 });
    } catch (failure) {
      printed.failure = failure;
    }
  };

  return {
    write(chunk) {
      const { origin, text } = chunk;
      const printed = printedBy(origin);
      const room = shownAtMost.text - printed.total;
      printed.total += text.length;
      if (printed.total - text.length < keptAtMost) {
        printed.held.push(text);
        printed.heldLength += text.length;
      }
      if (room > 0) pass(text.length > room ? { ...chunk, text: text.slice(0, room) } : chunk);
      if (printed.total <= shownAtMost.text) return;
      if (printed.file === undefined) {
        printed.file = newFile(`${nameOf(origin).replaceAll(/\W+/g, "-")}.txt`);
        writeOut(printed);
        tell(
          origin,
          `this cell has printed more than ${size(shownAtMost.text)}; the rest goes to ${printed.file}`,
        );
      }
      if (printed.heldLength >= writtenAtOnce) writeOut(printed);
    },

    allowsDisplay(origin) {
      const printed = printedBy(origin);
      return ++printed.displays <= shownAtMost.displays;
    },

    cleared(origin) {
      const printed = cells.get(origin);
      if (printed?.file === undefined) cells.delete(origin);
    },

    finish(origin) {
      const printed = cells.get(origin);
      if (!printed) return;
      cells.delete(origin);
      writeOut(printed);
      if (printed.file !== undefined) {
        const kept = printed.total <= keptAtMost ? "the whole lies" : `its first ${size(keptAtMost)} lie`;
        const where =
          printed.failure === undefined
            ? `${kept} in ${printed.file}`
            : `${printed.file} could not be written: ${String(printed.failure)}`;
        tell(origin, `${size(printed.total)} printed, ${size(shownAtMost.text)} of it shown; ${where}`);
      }
      const missing = printed.displays - shownAtMost.displays;
      if (missing > 0)
        tell(
          origin,
          `${printed.displays} displays, the first ${shownAtMost.displays} of them shown; ` +
            "to replace what is shown, keep the handle: const shown = display(a); shown.update(b)",
        );
    },
  };
}

/** In a folder of its own, which nobody else may read. */
function newFile(name: string): string {
  try {
    return join(mkdtempSync(join(tmpdir(), "gradbook-output-")), name);
  } catch {
    // Writing to it will fail, and say why.
    return join(tmpdir(), "gradbook-output", name);
  }
}

const size = (units: number): string => `${(units / 1e6).toFixed(1)} MB`;
