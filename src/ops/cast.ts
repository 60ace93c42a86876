import type { DType } from "../backend/backend.ts";
import type { Op } from "./op.ts";

/** The same numbers in another width, rounded; the gradient takes the old width back. */
export const cast: Op<DType> = {
  name: "to",
  forward: ([x], dtype) => x.backend.cast(x, dtype),
  backward: (gradient, [x]) => [() => gradient.backend.cast(gradient, x.dtype)],
};
