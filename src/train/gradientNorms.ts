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

/**
 * In float64, so that no gradient that float32 holds overflows; in eight running sums, which do not wait for one another,
 * joined in a fixed order: every machine has the same bits.
 */
export function sumOfSquares(values: ArrayLike<number>): number {
  const whole = values.length - (values.length % 8);
  let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let index = 0; index < whole; index += 8) {
    // Each read once: what threads share may change between two reads, so the compiler would not join them.
    const v0 = values[index];
    const v1 = values[index + 1];
    const v2 = values[index + 2];
    const v3 = values[index + 3];
    const v4 = values[index + 4];
    const v5 = values[index + 5];
    const v6 = values[index + 6];
    const v7 = values[index + 7];
    s0 += v0 * v0;
    s1 += v1 * v1;
    s2 += v2 * v2;
    s3 += v3 * v3;
    s4 += v4 * v4;
    s5 += v5 * v5;
    s6 += v6 * v6;
    s7 += v7 * v7;
  }
  for (let index = whole; index < values.length; index++) s0 += values[index] * values[index];
  return s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
}
