import type { Module } from "../nn/index.ts";
import { sumsOfSquares } from "../ops/sumsOfSquares.ts";
import type { Callback } from "./callback.ts";
import type { GradientNorms } from "./history.ts";
import { checkCount } from "./monitor.ts";

export interface GradientNormsOptions {
  /** Record each so many steps. Default 1. */
  readonly every?: number;
}

/**
 * Record how long the gradient of each parameter is, ‖g‖ = √Σg², and that of all together, into
 * `history.gradientNorms`. Norms that shrink from layer to layer are the vanishing gradient, norms that grow the
 * exploding one.
 *
 * @param options.every record each so many steps, default 1
 * @throws RangeError unless `every` is an integer >= 1
 * @example
 * const history = await train.fit(model, { …, callbacks: [train.gradientNorms({ every: 10 })] });
 * history.gradientNorms[0].norms["0.weight"];
 */
export function gradientNorms(options: GradientNormsOptions = {}): Callback {
  const { every = 1 } = options;
  checkCount("gradientNorms", "every", every);
  return {
    onStep(history, { parts: { model } }) {
      const step = history.stepLosses.length;
      if (step % every !== 0) return;
      history.gradientNorms.push({ step, ...gradientNormsOf(model) });
    },
  };
}

/** The norm of the gradient of each parameter that has one, and of all together. */
export function gradientNormsOf(model: Module): Pick<GradientNorms, "norms" | "total"> {
  const learning = model.namedParameters().filter(([, { grad }]) => grad);
  const sums = sumsOfSquares(learning.map(([, { grad }]) => grad!.raw));
  const norms: Record<string, number> = {};
  let total = 0;
  for (let index = 0; index < sums.length; index++) {
    norms[learning[index][0]] = Math.sqrt(sums[index]);
    total += sums[index];
  }
  return { norms, total: Math.sqrt(total) };
}
