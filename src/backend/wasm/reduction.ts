import type { MakeArray, ReductionBackend } from "../backend.ts";
import { pointerOf } from "./dispatch.ts";
import { kernels } from "./kernels.ts";
import { reduceKinds } from "./kinds.ts";

export const reduction = (make: MakeArray): ReductionBackend => ({
  reduce(kind, x, outer, length, inner, shape) {
    const out = make(shape, x.dtype);
    kernels.reduce(reduceKinds.indexOf(kind), pointerOf(x), pointerOf(out), outer, length, inner);
    return out;
  },

  argmax(x, outer, length, inner, shape) {
    const out = make(shape, "int32");
    kernels.argmax(pointerOf(x), pointerOf(out), outer, length, inner);
    return out;
  },
});
