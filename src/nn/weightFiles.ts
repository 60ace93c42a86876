import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { atomicWrite } from "../util/atomicWrite.ts";
import { decodeSafetensors, encodeSafetensors, type Safetensors } from "./safetensors.ts";
import type { StateDict } from "./stateDict.ts";

/**
 * Write arrays by name into a safetensors file, which Python's `safetensors` reads. The file is whole or the old one:
 * an interrupted write destroys nothing. Missing folders are made.
 *
 * @param metadata strings to keep beside the arrays
 * @example
 * await nn.writeSafetensors("adam.safetensors", optimizer.stateDict().arrays, { steps: String(optimizer.steps) });
 */
export async function writeSafetensors(
  path: string,
  tensors: StateDict,
  metadata: Record<string, string> = {},
): Promise<void> {
  await atomicWrite(path, encodeSafetensors(tensors, metadata));
}

/**
 * The arrays and metadata of a safetensors file, whoever wrote it.
 *
 * Numbers stay exact: 16-bit floats become float32, integers int32, truth values uint8.
 *
 * @throws Error naming the file and what is wrong, if it is missing, truncated, damaged or of another kind
 * @example
 * const { tensors, metadata } = await nn.readSafetensors("adam.safetensors");
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  let file: Uint8Array;
  try {
    file = await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EISDIR") throw new Error(`${resolve(path)} is a folder, not a file`, { cause: error });
    if (code !== "ENOENT") throw error;
    throw new Error(`there is no file ${resolve(path)}`, { cause: error });
  }
  try {
    return decodeSafetensors(file);
  } catch (error) {
    throw withPath(path, error);
  }
}

/**
 * Put the weights of a file into a model, which stays as it was if they are another's. Of a checkpoint of a whole
 * training it takes the weights alone: what else is in there has a name with a slash.
 */
export async function loadWeights(
  model: { loadStateDict(state: StateDict): void },
  path: string,
): Promise<void> {
  const { tensors, metadata } = await readSafetensors(path);
  const isWeight = (name: string): boolean => metadata.checkpoint === undefined || !name.includes("/");
  try {
    model.loadStateDict(Object.fromEntries(Object.entries(tensors).filter(([name]) => isWeight(name))));
  } catch (error) {
    throw withPath(`${path} holds the weights of another model`, error);
  }
}

/** The same error, its message begun with where it arose. */
function withPath(where: string, error: unknown): unknown {
  if (error instanceof Error) error.message = `${where}: ${error.message}`;
  return error;
}
