const given = new Set<string>();

/** A warning about a likely mistake, which a loop would otherwise give at every step: once a session. */
export function warnOnce(message: string): void {
  if (given.has(message)) return;
  given.add(message);
  console.warn(message);
}
