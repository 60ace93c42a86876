import { kindOf } from "../tensor/requireTensor.ts";
import { Tensor } from "../tensor/tensor.ts";

/** A penalty on parameters: a scalar that joins the loss. */
export type Regularizer = (parameters: Iterable<Tensor>) => Tensor;

export interface RegularizerOptions {
  /** Penalize these alone, such as `[layer.weight]`. Default: every parameter it is given, biases too. */
  readonly only?: Iterable<Tensor>;
}

/** The sum of a term over the parameters, those that `only` names if it is there. */
export function sumOver({ only }: RegularizerOptions, term: (w: Tensor) => Tensor): Regularizer {
  const chosen = only && new Set(only);
  return (parameters) => {
    const terms = [...parameters].filter((w) => !chosen || chosen.has(w)).map(term);
    return terms.length === 0 ? Tensor.zeros([]) : terms.reduce((sum, next) => sum.add(next));
  };
}

/** @throws RangeError unless λ >= 0 */
export function checkStrength(name: string, strength: string, lambda: number): void {
  if (typeof lambda !== "number") {
    const hint = "a regularizer is made first, as in regularizers.l1(0.001)";
    throw new TypeError(`${name}: ${strength} must be a number, got ${kindOf(lambda)}; ${hint}`);
  }
  if (!(lambda >= 0 && lambda < Infinity))
    throw new RangeError(`${name}: ${strength} must be >= 0, got ${lambda}`);
}
