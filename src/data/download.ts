import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { host } from "../util/host.ts";
import { DownloadProgress } from "./downloadProgress.ts";

/** A file on the network, and what it must hold, wherever it comes from. */
export interface Source {
  /** Tried in this order. */
  readonly urls: readonly string[];
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** No byte for so long, and the connection counts as broken. */
const silenceMilliseconds = 30_000;

/**
 * Fetch a file to `target`, which comes into being complete and checked, or not at all.
 *
 * What has arrived lies in `target.<process>.part`; if the connection breaks off, the next attempt, also one of a
 * later process, asks for the rest only.
 *
 * @throws Error that says, address by address, why not
 */
export async function download(file: Source, target: string): Promise<void> {
  const folder = dirname(target);
  let made: string | undefined;
  try {
    made = await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new Error(`cannot make the folder ${folder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const part = `${target}.${process.pid}.part`;
  await adoptPart(target, part);
  const progress = new DownloadProgress(basename(target), file.size);
  const failures: string[] = [];
  for (const url of file.urls) {
    try {
      await fetchPart(url, file, part, progress);
      await rename(part, target);
      progress.update(file.size);
      progress.finish("downloaded");
      return;
    } catch (error) {
      failures.push(`${url}: ${reason(error)}`);
      if (host.interrupted()) break;
    }
  }
  progress.finish("not downloaded");
  // An empty folder would look as if there had been something.
  if (made) await rmdir(folder).catch(() => {});
  throw new Error(
    `cannot download ${basename(target)}:\n${failures.map((line) => `    ${line}`).join("\n")}`,
  );
}

/** Bring the part up to the whole file and check it. What breaks off stays; what is wrong is thrown away. */
async function fetchPart(url: string, file: Source, part: string, progress: DownloadProgress): Promise<void> {
  const resumed = await sizeOfFile(part);
  if (resumed < file.size) await receive(url, file, part, resumed, progress);
  const size = await sizeOfFile(part);
  const hash = await sha256Of(part);
  if (size === file.size && hash === file.sha256) return;
  await rm(part);
  if (resumed > 0) return fetchPart(url, file, part, progress); // the part may have been the wrong half
  throw new Error(
    `wrong contents: ${size} bytes with SHA-256 ${hash}, expected ${file.size} with ${file.sha256}`,
  );
}

async function receive(
  url: string,
  file: Source,
  part: string,
  from: number,
  progress: DownloadProgress,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMilliseconds);
  const heard = (): void => void timer.refresh();
  let handle: FileHandle | undefined;
  try {
    const response = await fetch(url, {
      headers: { "accept-encoding": "identity", ...(from > 0 && { range: `bytes=${from}-` }) },
      signal: silence.signal,
    });
    heard();
    const continues =
      response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${from}-`) === true;
    if (response.status === 416) return; // longer than the file: the check throws it away
    if (!continues && response.status !== 200)
      throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
    // A server that knows no ranges sends all of it again.
    handle = await open(part, continues ? "a" : "w");
    let received = continues ? from : 0;
    // Node's streams can be walked; the types of the web's do not say so.
    for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
      heard();
      if (host.interrupted())
        throw new Error(`interrupted after ${received} of ${file.size} bytes, which stay`);
      received += chunk.length;
      if (received > file.size) throw new WrongLength(`more than the ${file.size} bytes expected`);
      await handle.appendFile(chunk);
      progress.update(received);
    }
    if (received < file.size)
      throw new Error(`it broke off after ${received} of ${file.size} bytes, which stay`);
    await handle.sync();
  } catch (error) {
    if (error instanceof WrongLength) {
      await handle?.close();
      handle = undefined;
      await rm(part);
    }
    throw silence.signal.aborted ? new Error(`no answer for ${silenceMilliseconds / 1000} s`) : error;
  } finally {
    clearTimeout(timer);
    await handle?.close();
  }
}

class WrongLength extends Error {}

/** Take over the longest part that a process which is no more has left behind. Renaming makes sure only one does. */
async function adoptPart(target: string, part: string): Promise<void> {
  const folder = dirname(target);
  const pattern = new RegExp(`^${basename(target).replaceAll(".", "\\.")}\\.(\\d+)\\.part$`);
  let longest = await sizeOfFile(part);
  for (const name of await readdir(folder)) {
    const owner = Number(pattern.exec(name)?.[1]);
    if (!owner || owner === process.pid || isAlive(owner)) continue;
    const size = await sizeOfFile(join(folder, name));
    try {
      if (size <= longest) await rm(join(folder, name));
      else await rename(join(folder, name), part);
      longest = Math.max(longest, size);
    } catch {
      // Another process was faster.
    }
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const sizeOfFile = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** fetch says only "fetch failed" and hides what happened in the cause. */
function reason(error: unknown): string {
  const { message, cause } = error as Error;
  const inner = cause as (Error & { code?: string }) | undefined;
  return inner ? `${message} (${inner.message || inner.code})` : message;
}
