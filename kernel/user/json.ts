/** What can be sent to Jupyter: the wire is JSON, and one message that is not would end the kernel. */

/** The value as its reader will see it; TypeError with the reason if JSON cannot say it. */
export function asJson<T>(value: T, what: string): T {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    const reason = String(error instanceof Error ? error.message : error).split("\n")[0];
    throw new TypeError(`${what} cannot be written as JSON: ${reason}`, { cause: error });
  }
  if (text === undefined) throw new TypeError(`${what} cannot be written as JSON: it is a ${typeof value}`);
  return JSON.parse(text) as T;
}
