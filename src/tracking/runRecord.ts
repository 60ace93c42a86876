import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a parameter can be: everything that JSON can hold. */
export type Parameter =
  string | number | boolean | null | readonly Parameter[] | { readonly [name: string]: Parameter };
export type Parameters = Readonly<Record<string, Parameter>>;

/** The state of the git repository that a run was started in. */
export interface Repository {
  readonly commit: string;
  /** Absent where no branch is checked out. */
  readonly branch?: string;
  /** Files that differ from the commit or are not in it, as `git status --short` lists them; at most 100. */
  readonly changes: readonly string[];
  /** The file in the run's folder that holds the difference from the commit. Absent where nothing differs. */
  readonly diff?: string;
  /** The difference was longer than 1 MB and is cut there. */
  readonly truncated?: true;
}

/** Contents of `run.json`: what was known when the run began. What changes later stands in its writers' events. */
export interface RunRecord {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly started: string;
  readonly params: Parameters;
  readonly tags: readonly string[];
  readonly notes: string;
  /** The session's seed, as `random.seed` set it last. */
  readonly seed: number;
  /** Null outside a repository, and for the moments until git has answered. */
  readonly git: Repository | null;
  /** Of gradbook, Node and V8, and the platform. */
  readonly versions: Readonly<Record<string, string>>;
  /** SHA-256 of the files that data came from, by their name. */
  readonly datasets: Readonly<Record<string, string>>;
  readonly directory: string;
}

export const recordFile = "run.json";

/**
 * @returns undefined where there is none
 * @throws SyntaxError naming the file, if it is damaged
 */
export function readRecord(folder: string): RunRecord | undefined {
  const path = join(folder, recordFile);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as RunRecord;
  } catch (error) {
    throw new SyntaxError(`track: ${path} is damaged: ${(error as Error).message}`, { cause: error });
  }
}

/** Whether an error of the file system says that there is no such file. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
