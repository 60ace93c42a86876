import type { RawArray } from "../backend/backend.ts";
import type { Op } from "../ops/op.ts";

/** By parameter, the strength λ of the λΣ|w| that reached it. */
export type Sparsity = Map<RawArray, number>;

/** Whose λ the back-propagation under way collects, and what it has found. */
let collecting: { readonly parameters: ReadonlySet<RawArray>; readonly found: Sparsity } | undefined;

/**
 * Run `work`, and let back-propagation in it note λ for each of these parameters instead of adding the subgradient
 * λ sign(w) to its gradient: for an optimizer that takes λΣ|w| as a proximal step.
 */
export function collectSparsity<T>(
  parameters: ReadonlySet<RawArray>,
  work: () => T,
): { result: T; sparsity: Sparsity } {
  const outer = collecting;
  const found: Sparsity = new Map();
  collecting = { parameters, found };
  try {
    return { result: work(), sparsity: found };
  } finally {
    collecting = outer;
  }
}

/** L = λ Σ|w|, a scalar, so dL/dw = λ sign(w), and 0 at 0. */
export const sumOfMagnitudes: Op<number> = {
  name: "l1",
  forward: ([w], lambda) => {
    const magnitudes = w.backend.unary("abs", w);
    const sum = w.backend.reduce("sum", magnitudes, 1, w.size, 1, []);
    magnitudes.release("l1");
    sum.data[0] *= lambda;
    return sum;
  },
  backward: (gradient, [w], _output, lambda) => {
    const strength = gradient.data[0] * lambda;
    // A negative one would push weights away from 0, and a step to 0 is not its answer.
    if (collecting?.parameters.has(w) && strength >= 0) {
      collecting.found.set(w, (collecting.found.get(w) ?? 0) + strength);
      return [undefined];
    }
    const { backend } = w;
    return [() => backend.binary("mul", backend.unary("sign", w), backend.from([strength], [], w.dtype))];
  },
};
