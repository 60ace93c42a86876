import * as ops from "../ops/index.ts";
import { apply, floating, type Tensor, unify } from "../tensor/tensor.ts";
import { checkPair, checkReduction, type ElementLossOptions, reduceElements } from "./reduction.ts";

/** (x − y)², reduced: what the losses made of squares share. `name` is theirs, for errors. */
export function squaredError(name: string, x: Tensor, y: Tensor, options: ElementLossOptions): Tensor {
  const { reduction = "mean", lengths } = options;
  checkPair(name, x, y);
  checkReduction(name, reduction, x);
  const pair = unify([floating(x), floating(y)]);
  if (reduction === "none" || lengths !== undefined)
    return reduceElements(name, apply(ops.squaredDifference, pair), options);
  return apply(ops.squaredError, pair, reduction === "mean" ? x.numel : 1);
}
