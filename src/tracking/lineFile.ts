import { closeSync, fstatSync, openSync, writeSync } from "node:fs";
import { isMissing } from "./runRecord.ts";

/** How long a file that could not be written is left alone, so that a full disk does not slow down training. */
const millisecondsBetweenTries = 1000;
/** How often it is asked whether the file was deleted meanwhile; writing to such a file succeeds, and is lost. */
const millisecondsBetweenLooks = 1000;

/**
 * A file that grows by whole lines, each handed to the system in one write: whoever kills the process loses at most the
 * line being written, and a reader drops it. It never throws: what goes wrong is told to `onTrouble`, and the line is
 * counted as lost.
 */
export class LineFile {
  readonly #path: string;
  readonly #onTrouble: (error: Error) => void;
  #descriptor: number | undefined;
  /** The last line stopped short, so that the next must not go on in it. */
  #torn = false;
  #deleted = false;
  #tryAgainAt = 0;
  #lookAgainAt = 0;
  /** Lines that could not be written. */
  lost = 0;

  constructor(path: string, onTrouble: (error: Error) => void) {
    this.#path = path;
    this.#onTrouble = onTrouble;
  }

  /** @param line without its end */
  append(line: string): void {
    const now = performance.now();
    if (this.#deleted || now < this.#tryAgainAt) {
      this.lost++;
      return;
    }
    try {
      if (this.#descriptor === undefined) this.#descriptor = openSync(this.#path, "a");
      if (now >= this.#lookAgainAt) this.#look(this.#descriptor, now);
      this.#write(this.#descriptor, this.#torn ? `\n${line}\n` : `${line}\n`);
    } catch (error) {
      this.lost++;
      this.#deleted ||= isMissing(error);
      this.#tryAgainAt = now + millisecondsBetweenTries;
      this.#onTrouble(error as Error);
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #look(descriptor: number, now: number): void {
    this.#lookAgainAt = now + millisecondsBetweenLooks;
    if (fstatSync(descriptor).nlink > 0) return;
    throw Object.assign(new Error(`${this.#path} was deleted`), { code: "ENOENT" });
  }

  #write(descriptor: number, text: string): void {
    const length = Buffer.byteLength(text);
    let written = writeSync(descriptor, text);
    if (written < length) {
      // The disk may just have become full: what follows fails with the reason, or completes the line.
      this.#torn = true;
      const bytes = Buffer.from(text);
      while (written < length) written += writeSync(descriptor, bytes, written);
    }
    this.#torn = false;
  }
}
