import { cpSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, relative, resolve } from "node:path";
import { threadId } from "node:worker_threads";
import type { Module } from "../nn/index.ts";
import { type ArtifactRecord, artifactRecord, filesBelow, nameOf } from "./artifactRecord.ts";
import { isMissing } from "./runRecord.ts";

/** The files kept with a run, and the checksum of each among its events. What goes wrong with its disk is told to `onTrouble`. */
export class Artifacts {
  readonly #folder: string;
  readonly #onKept: (artifacts: readonly ArtifactRecord[]) => void;
  readonly #onTrouble: (error: Error) => void;

  /** @param folder the run's */
  constructor(
    folder: string,
    onKept: (artifacts: readonly ArtifactRecord[]) => void,
    onTrouble: (error: Error) => void,
  ) {
    this.#folder = folder;
    this.#onKept = onKept;
    this.#onTrouble = onTrouble;
  }

  /**
   * Where one of this name lies, in a folder that is there.
   * @throws RangeError if the name leads out of the run's folder
   */
  path(name: string): string {
    const inside = normalize(name);
    if (isAbsolute(inside) || inside.startsWith("..") || inside === ".")
      throw new RangeError(
        `run.artifact: the name ${JSON.stringify(name)} leads out of the run's folder; give { name: "…" }`,
      );
    const target = join(this.#root, inside);
    try {
      // Not recursive from above: a run that was deleted stays deleted.
      statSync(this.#folder);
      mkdirSync(dirname(target), { recursive: true });
    } catch (error) {
      this.#onTrouble(error as Error);
    }
    return target;
  }

  /**
   * Copy a file or folder, or write contents that are at hand, in place of what had this name.
   * @throws Error if there is no such file
   * @throws RangeError if a folder holds the run's own
   */
  keep(path: string, name: string, contents: string | Uint8Array | undefined): string {
    const target = this.path(name);
    if (contents === undefined) this.#checkSource(path);
    // Whole or not at all: it takes its name when everything is there.
    const temporary = join(this.#folder, `.artifact.${process.pid}-${threadId}.tmp`);
    try {
      if (contents === undefined) cpSync(path, temporary, { recursive: true });
      else writeFileSync(temporary, contents);
      rmSync(target, { recursive: true, force: true });
      renameSync(temporary, target);
      this.#note(filesBelow(target));
    } catch (error) {
      this.#onTrouble(error as Error);
      this.#clearAway(temporary);
    }
    return target;
  }

  async keepWeights(name: string, model: Module): Promise<string> {
    const target = this.path(name);
    try {
      statSync(this.#folder);
      await model.save(target);
      this.#note([target]);
    } catch (error) {
      this.#onTrouble(error as Error);
    }
    return target;
  }

  /** Note the checksums of files that others have written here: those of which `recorded` does not tell. */
  noteOthers(recorded: () => ReadonlyMap<string, ArtifactRecord>): void {
    try {
      const files = filesBelow(this.#root);
      if (files.length === 0) return;
      const known = recorded();
      this.#note(
        files.filter((path) => {
          const record = known.get(nameOf(this.#root, path));
          const { size, mtimeMs } = statSync(path);
          return record?.bytes !== size || record.modified !== mtimeMs;
        }),
      );
    } catch (error) {
      this.#onTrouble(error as Error);
    }
  }

  get #root(): string {
    return join(this.#folder, "artifacts");
  }

  #note(paths: readonly string[]): void {
    if (paths.length > 0) this.#onKept(paths.map((path) => artifactRecord(this.#root, path)));
  }

  #clearAway(path: string): void {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch (error) {
      this.#onTrouble(error as Error);
    }
  }

  #checkSource(path: string): void {
    try {
      statSync(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw new Error(
        `run.artifact: there is no file or folder ${resolve(path)}; { contents } keeps what is at hand`,
        { cause: error },
      );
    }
    if (!relative(resolve(path), this.#folder).startsWith(".."))
      throw new RangeError(
        `run.artifact: ${resolve(path)} holds the run's own folder; choose what to keep of it`,
      );
  }
}
