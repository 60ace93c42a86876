import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

let written = 0;

/**
 * Write a file so that at its path there is, at every moment, what stood there before or the whole of the new: the
 * contents go into a temporary file beside it, which takes the name once it has reached the disk. Missing folders
 * are made.
 */
export async function atomicWrite(path: string, contents: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${written++}.tmp`;
  try {
    await writeFile(temporary, contents, { flag: "wx", flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
