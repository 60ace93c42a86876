import { randomUUID } from "node:crypto";

const ids = new WeakMap<object, Map<string, string>>();

/** The same for every drawing of the same subject: by it a page finds its live figure again after a reload. */
export function figureIdOf(kind: string, subject: object): string {
  const known = ids.get(subject) ?? new Map<string, string>();
  ids.set(subject, known);
  const id = known.get(kind) ?? randomUUID();
  known.set(kind, id);
  return id;
}
