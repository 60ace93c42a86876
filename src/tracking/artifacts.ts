import { cpSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, normalize } from "node:path";
import type { Module } from "../nn/index.ts";

/** The files kept with a run. What goes wrong with its disk is told to `onTrouble`. */
export class Artifacts {
  readonly #folder: string;
  readonly #onTrouble: (error: Error) => void;

  /** @param folder the run's */
  constructor(folder: string, onTrouble: (error: Error) => void) {
    this.#folder = folder;
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
    const target = join(this.#folder, "artifacts", inside);
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
   * Copy a file or folder, or write contents that are at hand.
   * @throws Error if there is no such file
   */
  keep(path: string, name: string, contents: string | Uint8Array | undefined): string {
    const target = this.path(name);
    if (contents === undefined) statSync(path);
    try {
      if (contents === undefined) cpSync(path, target, { recursive: true });
      else writeFileSync(target, contents);
    } catch (error) {
      this.#onTrouble(error as Error);
    }
    return target;
  }

  async keepWeights(name: string, model: Module): Promise<string> {
    const target = this.path(name);
    try {
      statSync(this.#folder);
      await model.save(target);
    } catch (error) {
      this.#onTrouble(error as Error);
    }
    return target;
  }
}
