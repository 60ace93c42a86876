/** A kernel whose Jupyter has died is of use to nobody: nobody holds its connection file any more. */

/** How often to look, in milliseconds. */
const interval = 1000;

/**
 * Calls `gone` once the process that started this kernel has ended, however it ended. Jupyter names it in
 * `JPY_PARENT_PID`, and leaves the variable out where the kernel is meant to outlive it.
 */
export function watchParent(gone: () => void): void {
  const parent = namedParent();
  if (parent === undefined) return;
  // A parent that ends is replaced at once, even while its own parent has not yet taken notice of its end.
  const isDirect = process.ppid === parent;
  const lives = (): boolean => (!isDirect || process.ppid === parent) && isRunning(parent);
  const timer = setInterval(() => {
    if (lives()) return;
    clearInterval(timer);
    gone();
  }, interval);
  timer.unref();
}

/** On Windows the variable holds a handle that only Python could use; the process itself is found by number. */
function namedParent(): number | undefined {
  const named = Number(process.env["JPY_PARENT_PID"]);
  if (!Number.isInteger(named) || named <= 1) return undefined;
  return process.platform === "win32" ? process.ppid : named;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
