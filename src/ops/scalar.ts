import type { RawArray } from "../backend/backend.ts";
import type { Shape } from "../util/shape.ts";

/** A number as an operand beside `like`. */
export function scalar(like: RawArray, value: number): RawArray {
  return like.backend.from([value], [], like.dtype);
}

/** An array of one number, on the backend and of the type of `like`. */
export function filled(like: RawArray, shape: Shape, value: number): RawArray {
  const array = like.backend.empty(shape, like.dtype);
  like.backend.fill(array, value);
  return array;
}

/** The result of `work`, which is the last to read this operand. */
export function consuming(operand: RawArray, work: (operand: RawArray) => RawArray): RawArray {
  const result = work(operand);
  operand.release("the operation it was made for");
  return result;
}
