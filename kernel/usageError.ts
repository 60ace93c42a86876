/** A wrong call of the command: told with its usage, exit code 2. */
export class UsageError extends Error {}

/** parseArgs's own errors are wrong calls too. */
export function parsed<Parsed>(parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
