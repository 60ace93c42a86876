import { execFile } from "node:child_process";
import type { Repository } from "./runRecord.ts";

/** A repository that takes longer to answer is left out: a run never waits for it. */
const millisecondsForGit = 10_000;
const diffBytes = 1_000_000;
const listedChanges = 100;

/** A repository and how its files differ from the commit. */
export interface RepositoryState {
  readonly repository: Omit<Repository, "diff">;
  readonly diff: string;
}

/** Sweeps start runs by the hundred: those of one moment ask once. */
const sharedMilliseconds = 5_000;
const asked = new Map<string, { at: number; answer: Promise<RepositoryState | undefined> }>();

/** The state of the repository around a folder; undefined outside one, or without git. Nothing waits meanwhile. */
export function repositoryState(folder: string): Promise<RepositoryState | undefined> {
  const now = performance.now();
  const last = asked.get(folder);
  if (last && now - last.at < sharedMilliseconds) return last.answer;
  const answer = read(folder);
  asked.set(folder, { at: now, answer });
  return answer;
}

async function read(folder: string): Promise<RepositoryState | undefined> {
  const commit = await git(folder, "rev-parse", "HEAD");
  if (commit.failed) return undefined;
  const [branch, status, diff] = await Promise.all([
    git(folder, "symbolic-ref", "--short", "--quiet", "HEAD"),
    git(folder, "status", "--short", "--untracked-files=normal"),
    git(folder, "diff", "HEAD", "--no-color", "--no-ext-diff"),
  ]);
  const changes = status.output.split("\n").filter((line) => line !== "");
  return {
    repository: {
      commit: commit.output.trim(),
      ...(!branch.failed && { branch: branch.output.trim() }),
      changes: changes.slice(0, listedChanges),
      ...(diff.failed && { truncated: true }),
    },
    diff: diff.output,
  };
}

/** What it printed, as far as that fits; it never asks anything and never takes a lock from the user's own git. */
function git(folder: string, ...args: string[]): Promise<{ output: string; failed: boolean }> {
  return new Promise((resolve) => {
    execFile(
      "git",
      ["--no-optional-locks", ...args],
      {
        cwd: folder,
        timeout: millisecondsForGit,
        maxBuffer: diffBytes,
        windowsHide: true,
        env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
      },
      (error, output) => resolve({ output, failed: error !== null }),
    );
  });
}
