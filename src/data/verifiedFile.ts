import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { noteFileRead } from "./filesRead.ts";

/** The package's `datasets/` folder, found upwards from here: this file runs from src/ and from dist/src/. */
function datasetsDirectory(): string {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, "package.json"))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`data.load: no gradbook package around ${import.meta.dirname}`);
    directory = parent;
  }
  return join(directory, "datasets");
}

/**
 * Read a file of `datasets/`, and answer for its contents.
 * @throws Error if the SHA-256 of what is on disk is not the published one
 */
export async function verifiedFile(path: string, sha256: string): Promise<Buffer> {
  const absolute = join(datasetsDirectory(), path);
  const contents = await readFile(absolute);
  const found = createHash("sha256").update(contents).digest("hex");
  if (found !== sha256) {
    throw new Error(
      `data.load: ${absolute} is damaged or was changed: SHA-256 is ${found}, expected ${sha256}; ` +
        `restore it (git checkout datasets/${path}) or install the package again`,
    );
  }
  noteFileRead(path, sha256);
  return contents;
}
