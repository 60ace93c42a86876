import type { Module } from "../nn/index.ts";
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
  const norms: Record<string, number> = {};
  let total = 0;
  for (const [name, { grad }] of model.namedParameters()) {
    if (!grad) continue;
    const squares = sumOfSquares(grad.raw.data);
    norms[name] = Math.sqrt(squares);
    total += squares;
  }
  return { norms, total: Math.sqrt(total) };
}

/** In float64, one after another: no gradient that float32 holds overflows, and every machine has the same bits. */
export function sumOfSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] * values[index];
  return sum;
}
