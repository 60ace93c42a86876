const told = new WeakSet<object>();

/** Say once for each run that it cannot be recorded in full, and why; training goes on. */
export function tellOnce(
  run: { readonly name: string; readonly folder: string; readonly kept: boolean },
  error: Error,
): void {
  if (told.has(run)) return;
  told.add(run);
  const { code } = error as NodeJS.ErrnoException;
  console.warn(
    run.kept
      ? `track: run "${run.name}" in ${run.folder} cannot be recorded in full: ${error.message}. ` +
          `${adviceFor(code)} The training goes on, and what was written stays readable.`
      : `track: run "${run.name}" cannot be recorded in ${run.folder}: ${error.message}. ` +
          `${code === "ENOSPC" ? "Free some space, or choose" : "Choose"} ${writable}. The training goes on; nothing of it is kept.`,
  );
}

const writable = "a folder you may write to, with { folder } or the environment variable GRADBOOK_RUNS";

function adviceFor(code: string | undefined): string {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "Its folder was deleted or moved; nothing more is kept of this run.";
    case "ENOSPC":
    case "EDQUOT":
      return "Free some space: it is tried again every second.";
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return `Choose ${writable}.`;
    default:
      return "It is tried again every second.";
  }
}
