import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipped } from "./bytes.ts";
import { datasetsFolder } from "./datasetsFolder.ts";
import { download, type Source } from "./download.ts";
import { noteFileRead } from "./filesRead.ts";

/** A file that is fetched on first use. */
export interface RemoteFile extends Source {
  /** Below the folder of data sets: "mnist/train-images-idx3-ubyte.gz". */
  readonly path: string;
  /** MD5 of what a .gz file unzips to, by which a copy packed or unpacked by others is known. */
  readonly contentsMd5?: string;
}

/** Downloads under way in this process: whoever asks again waits for the same one. */
const underWay = new Map<string, Promise<void>>();

/**
 * The unzipped contents of a file, from the folder of data sets, or else downloaded into it. No byte is given out
 * that was not checked against the published hash, each time.
 *
 * @throws Error that says what to put where, if the file is neither there nor to be had
 */
export async function remoteFile(file: RemoteFile): Promise<Buffer> {
  const target = join(datasetsFolder(), file.path);
  const damaged: string[] = [];
  const found = await local(file, target, damaged);
  if (found) return found;
  for (const each of damaged) console.warn(`data.load: ${each} is damaged or another file; downloading it`);
  let fetching = underWay.get(target);
  if (!fetching) {
    fetching = download(file, target).finally(() => underWay.delete(target));
    underWay.set(target, fetching);
  }
  try {
    await fetching;
  } catch (error) {
    throw new Error(`data.load: ${(error as Error).message}\n${whatToDo(file, target, damaged)}`, {
      cause: error,
    });
  }
  const downloaded = await local(file, target, damaged);
  if (!downloaded) throw new Error(`data.load: ${target} was changed while it was read; try again`);
  return downloaded;
}

/** The contents of the first sound copy, as published or unzipped; files that are there and not sound are noted. */
async function local(file: RemoteFile, target: string, damaged: string[]): Promise<Buffer | undefined> {
  for (const path of file.contentsMd5 ? [target, target.replace(/\.gz$/, "")] : [target]) {
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
      throw new Error(`data.load: cannot read ${path}: ${error.message}`, { cause: error });
    });
    const contents = bytes && (await soundContents(file, path, bytes));
    if (contents) {
      // A copy unpacked by others holds the same, known by the hash of what was published.
      noteFileRead(file.path, file.sha256);
      return contents;
    }
    if (bytes) damaged.push(path);
  }
  return undefined;
}

async function soundContents(file: RemoteFile, path: string, bytes: Buffer): Promise<Buffer | undefined> {
  const asPublished = createHash("sha256").update(bytes).digest("hex") === file.sha256;
  if (!asPublished && !file.contentsMd5) return undefined;
  try {
    const contents = await unzipped("data.load", path, bytes);
    const sound = asPublished || createHash("md5").update(contents).digest("hex") === file.contentsMd5;
    return sound ? contents : undefined;
  } catch {
    return undefined;
  }
}

function whatToDo(file: RemoteFile, target: string, damaged: readonly string[]): string {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  return [
    `Without a connection: get ${name} (${file.size} bytes, SHA-256 ${file.sha256}) on another machine from`,
    ...file.urls.map((url) => `    ${url}`),
    `and save it as ${target}${file.contentsMd5 ? " (or unzipped, without .gz)" : ""}; ` +
      `or set GRADBOOK_DATASETS to a folder that holds ${file.path}.`,
    ...damaged.map((path) => `${path} is there, but is not that file: it is damaged, incomplete or another.`),
  ].join("\n");
}
