/** What a user can mend: its message is one sentence that says how. */
export class SetupError extends Error {}

/**
 * Does one step of the set-up, telling which while it runs and how long it took when it is done.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const start = performance.now();
  process.stdout.write(`${what} … `);
  try {
    const result = await work();
    process.stdout.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stdout.write("failed\n");
    throw error;
  }
}

const ownFolder = "make it yours (chown), or clone gradbook into a folder of your own";
/** @type {Record<string, string>} */
const mends = {
  EACCES: `you have no permission for it: ${ownFolder}`,
  EPERM: `you have no permission for it: ${ownFolder}`,
  EROFS: "it lies on a file system that is read-only: clone gradbook where you may write",
  ENOSPC: "the disk is full: free some space",
};

/**
 * What to tell of a failure: the sentence of a mendable one, that of the file system, or a stack.
 * @param {unknown} error
 * @returns {unknown}
 */
export function explain(error) {
  if (error instanceof SetupError) return error.message;
  const { code = "", path, syscall } = /** @type {NodeJS.ErrnoException} */ (error);
  return code in mends ? `${path ?? syscall}: ${mends[code]}, then run the same command again.` : error;
}

/**
 * Runs a script's main function; a failure is told and gives the exit code 1.
 * @param {() => Promise<void>} main
 */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }
}
