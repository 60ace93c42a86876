import { formatShape } from "../util/shape.ts";
import type { RawArray } from "./backend.ts";

/** Arrays made since the innermost open scope began; undefined outside every scope. */
let open: RawArray[] | undefined;
const kept = new WeakSet<RawArray>();

/** Every backend reports each array it makes. */
export function created(array: RawArray): void {
  open?.push(array);
}

/** Take an array out of every scope: it lives until it is released by name, as parameters and gradients do. */
export function keep(array: RawArray): void {
  kept.add(array);
}

/**
 * Run `work`, then release every array made in it, save those that `survivors` names in the result and those kept.
 * Survivors pass to the scope around this one. What was made is released too when `work` throws.
 */
export function scoped<T>(by: string, work: () => T, survivors: (result: T) => Iterable<RawArray>): T {
  const outer = open;
  const mine: RawArray[] = [];
  open = mine;
  let alive: Set<RawArray> | undefined;
  try {
    const result = work();
    alive = new Set(survivors(result));
    return result;
  } finally {
    open = outer;
    for (const array of mine) {
      if (kept.has(array)) continue;
      if (alive?.has(array)) outer?.push(array);
      else array.release(by);
    }
  }
}

/** The error of whoever reads an array after its end. */
export function releasedError(array: RawArray, by: string): Error {
  return new Error(
    `Tensor ${formatShape(array.shape)} was freed by ${by}; read its values before that, or return it from the scope`,
  );
}
