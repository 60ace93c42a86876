import type { DType, RawArray, TypedArray } from "../backend/backend.ts";
import { ShapeError } from "../util/errors.ts";
import { closest } from "../util/closest.ts";
import { formatShape, sameShape, type Shape, sizeOf } from "../util/shape.ts";

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
 * @throws RangeError if a name is missing or unknown, ShapeError if shapes differ; either names all that differs
 */
export function restoreArrays(
  operation: string,
  arrays: Iterable<readonly [string, RawArray]>,
  state: StateDict,
): void {
  const targets = new Map(arrays);
  const names = namesThatDiffer(targets, state);
  if (names.length > 0) throw new RangeError(`${operation}: ${listed(names)}`);
  const shapes = [...targets]
    .filter(([name, { shape }]) => !fits(shape, state[name]))
    .map(([name, { shape }]) => {
      const { shape: saved, data } = state[name];
      const count = sizeOf(saved) === data.length ? "" : ` of ${data.length} numbers`;
      return `"${name}" is ${formatShape(shape)}, the saved one ${formatShape(saved)}${count}`;
    });
  if (shapes.length > 0) throw new ShapeError(`${operation}: ${listed(shapes)}`);
  for (const [name, target] of targets) target.data.set(state[name].data);
}

const fits = (shape: Shape, saved: SavedArray): boolean =>
  sameShape(saved.shape, shape) && saved.data.length === sizeOf(shape);

function namesThatDiffer(targets: ReadonlyMap<string, RawArray>, state: StateDict): string[] {
  const unexpected = Object.keys(state).filter((name) => !targets.has(name));
  const missing = [...targets.keys()].filter((name) => !Object.hasOwn(state, name));
  const meant = unexpected.length > 0 ? closest(unexpected[0], missing) : undefined;
  return [
    ...unexpected.map((name, place) => {
      const hint = meant && place === 0 ? ` (did you mean "${meant}"?)` : "";
      return `unexpected "${name}"${hint}`;
    }),
    ...missing.map((name) => `"${name}" is missing from the state`),
  ];
}

const MOST_LISTED = 6;

function listed(problems: readonly string[]): string {
  const more = problems.length - MOST_LISTED;
  return problems.slice(0, MOST_LISTED).join("; ") + (more > 0 ? `; and ${more} more` : "");
}
