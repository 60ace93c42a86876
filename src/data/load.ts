import { closest } from "../util/closest.ts";
import { digits } from "./digits.ts";
import type { TensorDataset } from "./tensorDataset.ts";

/** Each name that `load` knows, and what reads it. */
const catalog: Readonly<Record<string, () => Promise<TensorDataset>>> = { digits };

/**
 * Read a data set by name. Its files are checked against their published SHA-256 every time.
 *
 * `"digits"`: 1,797 images `[8, 8, 1]` of handwritten digits, ten classes.
 *
 * @throws RangeError if there is no such data set
 * @throws Error if a file is damaged
 * @example
 * const digits = await data.load("digits");
 * digits.length; // 1797
 */
export async function load(name: string): Promise<TensorDataset> {
  if (!Object.hasOwn(catalog, name)) {
    const meant = closest(name, list());
    throw new RangeError(
      `data.load: no data set "${name}"; ${meant ? `did you mean "${meant}"? ` : ""}Known: ${list().join(", ")}`,
    );
  }
  return catalog[name]();
}

/** The names that `data.load` knows. */
export function list(): string[] {
  return Object.keys(catalog);
}
