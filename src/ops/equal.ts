import type { Op } from "./op.ts";

/** 1 where equal, else 0, with broadcasting. A step has no useful gradient. */
export const equal: Op = {
  name: "equal",
  forward: ([x, y]) => x.backend.binary("equal", x, y),
  backward: () => [undefined, undefined],
};
