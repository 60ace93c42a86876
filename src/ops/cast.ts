import type { DType } from "../backend/backend.ts";
import { backendFor } from "../backend/select.ts";
import type { Op } from "./op.ts";

/** The same numbers in another width, rounded, where that width lives; the gradient goes back to where x does. */
export const cast: Op<DType> = {
  name: "to",
  forward: ([x], dtype) => backendFor(dtype).from(x.data, x.shape, dtype),
  backward: (gradient, [x]) => [() => x.backend.from(gradient.data, x.shape, x.dtype)],
};
