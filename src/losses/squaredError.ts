import * as ops from "../ops/index.ts";
import { apply, floating, type Tensor, unify } from "../tensor/tensor.ts";
import { checkPair, checkReduction, type Reduction } from "./reduction.ts";

/** (x − y)², reduced: what the losses made of squares share. `name` is theirs, for errors. */
export function squaredError(name: string, x: Tensor, y: Tensor, reduction: Reduction): Tensor {
  checkPair(name, x, y);
  checkReduction(name, reduction, x);
  const pair = unify([floating(x), floating(y)]);
  if (reduction === "none") return apply(ops.squaredDifference, pair);
  return apply(ops.squaredError, pair, reduction === "mean" ? x.numel : 1);
}
