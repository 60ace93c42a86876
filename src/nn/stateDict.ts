import type { DType, RawArray, TypedArray } from "../backend/backend.ts";
import { ShapeError } from "../util/errors.ts";
import { closest } from "../util/closest.ts";
import { formatShape, sameShape, type Shape } from "../util/shape.ts";

/** The numbers of one array, apart from any backend: plain data that can be kept, compared or sent to a worker. */
export interface SavedArray {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: TypedArray;
}

/** Arrays by name, such as `{ "0.weight": …, "0.bias": … }`. */
export type StateDict = Record<string, SavedArray>;

/** Copies of the arrays. */
export function saveArrays(arrays: Iterable<readonly [string, RawArray]>): StateDict {
  const state: StateDict = {};
  for (const [name, { shape, dtype, data }] of arrays) state[name] = { shape, dtype, data: data.slice() };
  return state;
}

/**
 * Write saved numbers back in place: every name must be there, none too many, and every shape the same. All is
 * checked before the first number is written.
 * @throws RangeError if a name is missing or unknown
 * @throws ShapeError if a shape differs
 */
export function restoreArrays(
  operation: string,
  arrays: Iterable<readonly [string, RawArray]>,
  state: StateDict,
): void {
  const targets = new Map(arrays);
  for (const name of Object.keys(state)) {
    if (targets.has(name)) continue;
    const meant = closest(name, targets.keys());
    throw new RangeError(
      `${operation}: unexpected "${name}"${meant ? `; did you mean "${meant}"?` : ""} ` +
        `Expected: ${[...targets.keys()].join(", ")}`,
    );
  }
  for (const [name, target] of targets) {
    const saved = state[name];
    if (!saved) throw new RangeError(`${operation}: "${name}" is missing from the state`);
    if (!sameShape(saved.shape, target.shape)) {
      throw new ShapeError(
        `${operation}: "${name}" is ${formatShape(target.shape)}, the saved one ${formatShape(saved.shape)}`,
      );
    }
  }
  for (const [name, target] of targets) target.data.set(state[name].data);
}
