import { formatShape } from "../util/shape.ts";
import type { RawArray } from "./backend.ts";

/** Arrays made since the innermost open scope began; undefined outside every scope. */
let open: RawArray[] | undefined;

/** Every backend reports each array it makes. */
export function created(array: RawArray): void {
  if (open) open.push(array);
  else array.watch();
}

/** Take an array out of every scope: it lives until it is released by name, as parameters and gradients do. */
export function keep(array: RawArray): void {
  if (array.fate === "kept") return;
  array.fate = "kept";
  array.watch();
}

/**
 * Run `work`, then release every array made in it, save those that `survivors` names in the result and those kept.
 * Survivors pass to the scope around this one. What was made is released too when `work` throws.
 */
export function scoped<T>(by: string, work: () => T, survivors: (result: T) => Iterable<RawArray>): T {
  const outer = open;
  const mine: RawArray[] = [];
  const returned: RawArray[] = [];
  open = mine;
  try {
    const result = work();
    for (const array of survivors(result))
      if (array.fate === "freed") {
        array.fate = "returned";
        returned.push(array);
      }
    return result;
  } finally {
    open = outer;
    for (let i = 0; i < mine.length; i++) {
      const array = mine[i];
      if (array.fate === "freed") array.release(by);
      else if (array.fate === "returned") created(array);
    }
    for (const array of returned) array.fate = "freed";
  }
}

/** The error of whoever reads an array after its end. */
export function releasedError(array: RawArray, by: string): Error {
  return new Error(
    `Tensor ${formatShape(array.shape)} was freed by ${by}; read its values before that, or return it from the scope`,
  );
}
