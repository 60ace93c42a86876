import { sumsOfSquares } from "../ops/sumsOfSquares.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Either the longest that all gradients together may be, or the largest that each number may be. */
export type ClipOptions = { readonly norm: number } | { readonly value: number };

/**
 * Clip the gradients in `.grad`. Pascanu et al. 2013, https://arxiv.org/abs/1211.5063
 *
 *     { norm: c }    g ← g · c / ‖g‖ where ‖g‖ > c, ‖g‖ = √Σg² over all parameters: the direction stays
 *     { value: c }   g ← min(max(g, −c), c), number by number
 *
 * Every optimizer does it before each step when it is made with `{ clipGradients: { norm: c } }`; call it yourself
 * between `backward()` and `step()`. Where ‖g‖ is not finite there is no direction to keep and the gradients stay as
 * they are. PyTorch divides by ‖g‖ + 1e-6.
 *
 * @returns ‖g‖ before clipping
 * @throws RangeError if c is not positive, TypeError if not exactly one of norm and value is given
 * @example
 * const norm = optim.clipGradients(model.parameters(), { norm: 1 });
 */
export function clipGradients(parameters: Iterable<Tensor>, options: ClipOptions): number {
  const [kind, limit] = checkClip("clipGradients", options);
  const withGradient = [...parameters].filter((parameter) => parameter.grad);
  const norm = gradientNorm(withGradient);
  Tensor.noGrad(() => {
    for (const parameter of withGradient) {
      // Into a new array: gradients of two parameters may share their memory.
      if (kind === "value") parameter.grad = parameter.grad!.clamp(-limit, limit);
      else if (norm > limit && norm < Infinity) parameter.grad = parameter.grad!.mul(limit / norm);
    }
  });
  return norm;
}

/** What is clipped, and to what. */
export function checkClip(method: string, options: ClipOptions): ["norm" | "value", number] {
  const [given, ...others] = Object.entries(options);
  if (!given || others.length > 0 || (given[0] !== "norm" && given[0] !== "value"))
    throw new TypeError(`${method}: give { norm } or { value }, got { ${Object.keys(options).join(", ")} }`);
  const [kind, limit] = given;
  if (!(limit > 0)) throw new RangeError(`${method}: ${kind} must be > 0, got ${limit}`);
  return [kind, limit];
}

function gradientNorm(parameters: readonly Tensor[]): number {
  const sums = sumsOfSquares(parameters.map(({ grad }) => grad!.raw));
  return Math.sqrt(sums.reduce((total, sum) => total + sum, 0));
}
