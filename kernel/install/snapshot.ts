/** The compiler's snapshot: kernels that find it need a second less until their first cell. */
import { spawnSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { nodePath } from "../launch.ts";
import { compilerProgram, compilerSnapshot, kernelFolder } from "../names.ts";

/** Answers why there is none, if that is so: kernels start without it too. */
export function makeSnapshot(): string | undefined {
  // Kernels may be starting from the one that is there.
  const unfinished = `${compilerSnapshot}.${process.pid}`;
  // No tsconfig.json is there: what it asks for would be in every snapshot.
  const flags = ["--snapshot-blob", unfinished, "--build-snapshot", compilerProgram];
  try {
    const { status, stderr, error } = spawnSync(nodePath(), flags, { cwd: kernelFolder, encoding: "utf8" });
    if (error) throw error;
    if (status !== 0) throw new Error(stderr);
    renameSync(unfinished, compilerSnapshot);
    return undefined;
  } catch (error) {
    // The one that is there is of an earlier compiler.
    for (const file of [unfinished, compilerSnapshot]) rmSync(file, { force: true });
    return (error as Error).message;
  }
}
