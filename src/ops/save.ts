import type { RawArray } from "../backend/backend.ts";

/** Hand what `backward` will need to the tape, or free it where nothing is recorded. */
export function save(name: string, saved: RawArray[] | undefined, arrays: readonly RawArray[]): void {
  if (saved) saved.push(...arrays);
  else for (const array of arrays) array.release(name);
}
