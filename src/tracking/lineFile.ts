import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import { isMissing } from "./runRecord.ts";
import { millisecondsTogether, waitTogether } from "./waitingFiles.ts";

/** How long a file that could not be written is left alone, so that a full disk does not slow down training. */
const millisecondsBetweenTries = 1000;
/** How often it is asked whether the file was deleted meanwhile; writing to such a file succeeds, and is lost. */
const millisecondsBetweenLooks = 1000;
/** Lines are handed over in pieces of about so many letters, however many wait: each is one text and one buffer. */
const pieceSize = 1 << 20;

/**
 * A file that grows by whole lines. A line is handed to the system at once, or, where it follows another within 0.1 s,
 * together with those that come until then: a step of training leaves little in the processor's caches, so that a write
 * after each would take several hundredths of a short step. Whoever kills the process loses at most those of its last
 * 0.1 s, and a reader drops a line that was torn. It never throws: what goes wrong is told to `onTrouble`, and the lines are
 * counted as lost.
 *
 * @param Item what a line is made of, once it is to be written
 */
export class LineFile<Item extends { readonly time: number }> {
  readonly #path: string;
  readonly #onTrouble: (error: Error) => void;
  #descriptor: number | undefined;
  readonly #toLine: (item: Item) => string;
  #items: Item[] = [];
  /** By the items' own clock. */
  #writtenAt = -Infinity;
  /** The last line stopped short, so that the next must not go on in it. */
  #torn = false;
  #deleted = false;
  #tryAgainAt = 0;
  #lookAgainAt = 0;
  /** Lines that could not be written. */
  lost = 0;

  constructor(
    path: string,
    onTrouble: (error: Error) => void,
    toLine: (item: Item) => string = (item) => JSON.stringify(item),
  ) {
    this.#path = path;
    this.#toLine = toLine;
    this.#onTrouble = onTrouble;
  }

  append(item: Item): void {
    this.#items.push(item);
    // A clock that was set back counts as late.
    if (Math.abs(item.time - this.#writtenAt) >= millisecondsTogether) this.flush();
    else if (this.#items.length === 1) waitTogether(this);
  }

  /** Write what waits. */
  flush(): void {
    if (this.#items.length === 0) return;
    this.#writtenAt = this.#items[this.#items.length - 1].time;
    const now = performance.now();
    while (this.#items.length > 0 && !this.#deleted && now >= this.#tryAgainAt) {
      const lines = this.#nextLines();
      this.#write(lines, now);
      // Not before: an interrupt of the cell may end it anywhere above, and then they wait on.
      this.#items = this.#items.slice(lines.length);
    }
    this.lost += this.#items.length;
    this.#items = [];
  }

  close(): void {
    this.flush();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** As many as make up a piece; one at least. */
  #nextLines(): string[] {
    const lines: string[] = [];
    for (let size = 0; size < pieceSize && lines.length < this.#items.length;) {
      const line = this.#toLine(this.#items[lines.length]);
      size += line.length;
      lines.push(line);
    }
    return lines;
  }

  #write(lines: readonly string[], now: number): void {
    const start = this.#torn ? "\n" : "";
    const bytes = Buffer.from(`${start}${lines.join("\n")}\n`);
    let written = 0;
    try {
      if (this.#descriptor === undefined) this.#descriptor = openSync(this.#path, "a");
      if (now >= this.#lookAgainAt) this.#look(this.#descriptor, now);
      // A disk that has just become full takes a part: what follows fails with the reason.
      while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
      this.#torn = false;
    } catch (error) {
      const taken = bytes.toString("utf8", start.length, Math.max(start.length, written));
      this.lost += lines.length - (taken.split("\n").length - 1);
      if (written > 0) this.#torn = bytes[written - 1] !== lineEnd;
      this.#deleted ||= isMissing(error);
      this.#tryAgainAt = now + millisecondsBetweenTries;
      this.#onTrouble(error as Error);
    }
  }

  #look(descriptor: number, now: number): void {
    this.#lookAgainAt = now + millisecondsBetweenLooks;
    if (fstatSync(descriptor).nlink > 0) return;
    throw Object.assign(new Error(`${this.#path} was deleted`), { code: "ENOENT" });
  }
}

const lineEnd = 10;
