import type { BinaryKind } from "../backend/backend.ts";
import type { Op } from "./op.ts";

/** 1 where it holds, else 0, with broadcasting; nothing compares with NaN. A step has no useful gradient. */
const comparison = (name: string, kind: BinaryKind, swapped = false): Op => ({
  name,
  forward: ([x, y]) => (swapped ? x.backend.binary(kind, y, x) : x.backend.binary(kind, x, y)),
  backward: () => [undefined, undefined],
});

export const equal: Op = comparison("equal", "equal");
export const notEqual: Op = comparison("notEqual", "notEqual");
export const greater: Op = comparison("greater", "greater");
export const greaterEqual: Op = comparison("greaterEqual", "greaterEqual");
export const less: Op = comparison("less", "greater", true);
export const lessEqual: Op = comparison("lessEqual", "greaterEqual", true);
