import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { isMissing } from "./runRecord.ts";

/** A file that was kept with a run, as it was then. */
export interface ArtifactRecord {
  /** Its path among the run's artifacts, with `/` between folders. */
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly sha256: string;
}

/** @param root the folder of artifacts */
export function artifactRecord(root: string, path: string): ArtifactRecord {
  const { size, mtimeMs } = statSync(path);
  return { name: nameOf(root, path), bytes: size, modified: mtimeMs, sha256: sha256Of(path) };
}

export const nameOf = (root: string, path: string): string => relative(root, path).replaceAll(sep, "/");

/** The file itself, or all that a folder holds, at any depth; none where there is nothing. */
export function filesBelow(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const pieceBytes = 1 << 20;

function sha256Of(path: string): string {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(pieceBytes);
  const descriptor = openSync(path, "r");
  try {
    for (let bytes = -1; bytes !== 0;) {
      bytes = readSync(descriptor, piece);
      hash.update(piece.subarray(0, bytes));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest("hex");
}
