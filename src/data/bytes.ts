import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { noteFileRead } from "./filesRead.ts";

/** @throws Error that says where a missing file was looked for */
export async function readBytes(operation: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : String(error);
    throw new Error(`${operation}: cannot read ${resolve(path)}: ${why}`, { cause: error });
  }
}

/** What a gzip file holds, and any other file as it is. @throws Error if it breaks off or is damaged */
export async function unzipped(operation: string, path: string, bytes: Buffer): Promise<Buffer> {
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes;
  try {
    return await promisify(gunzip)(bytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "Z_BUF_ERROR" ? "it breaks off before its end" : message;
    throw new Error(`${operation}: ${path} is a damaged gzip file: ${why}`, { cause: error });
  }
}

/** The contents of one of the user's files, whose checksum is noted. */
export async function readUnzipped(operation: string, path: string): Promise<Buffer> {
  const bytes = await readBytes(operation, path);
  noteFileRead(path, createHash("sha256").update(bytes).digest("hex"));
  return unzipped(operation, path, bytes);
}
