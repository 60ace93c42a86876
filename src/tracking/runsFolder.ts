import { resolve } from "node:path";

/**
 * Where runs are kept: the folder asked for, otherwise the one that the environment variable GRADBOOK_RUNS names,
 * otherwise `runs` in the working directory, which in a notebook is its folder.
 */
export function runsFolder(folder?: string, environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(folder ?? (environment["GRADBOOK_RUNS"] || "runs"));
}
