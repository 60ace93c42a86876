import { Tensor } from "../tensor/tensor.ts";

/** From parameters to a scalar that is added to the loss. */
export type Penalty = (parameters: Iterable<Tensor>) => Tensor;

export interface RegularizerOptions {
  /** Penalize these alone, such as `[layer.weight]`. Default: every parameter there is, biases too. */
  readonly only?: Iterable<Tensor>;
}

/**
 * A penalty in two parts, λ₁Σ|w| and the rest, so that an optimizer can take the first one without jumping over 0:
 * see `optimizer.minimize`. Called, it is their sum, to be added to a loss by hand.
 */
export interface Regularizer extends Penalty {
  /** The part with a gradient everywhere. */
  readonly smooth: Penalty;
  /** λ₁Σ|w|. */
  readonly sparse: Penalty;
  /** λ₁ for this parameter. */
  readonly sparsity: (parameter: Tensor) => number;
}

export const isRegularizer = (penalty: Penalty): penalty is Regularizer => "sparsity" in penalty;

/** λ₁Σ|w| + λ₂Σw². */
export function regularizer(
  name: string,
  strengths: { readonly l1: number; readonly l2: number },
  { only }: RegularizerOptions,
): Regularizer {
  for (const [kind, lambda] of Object.entries(strengths)) {
    if (!(lambda >= 0 && lambda < Infinity))
      throw new RangeError(`${name}: ${kind === name ? "lambda" : kind} must be >= 0, got ${lambda}`);
  }
  const chosen = only && new Set(only);
  const applies = (parameter: Tensor): boolean => !chosen || chosen.has(parameter);
  const sum = (parameters: Iterable<Tensor>, lambda: number, term: (w: Tensor) => Tensor): Tensor =>
    [...parameters]
      .filter((parameter) => lambda > 0 && applies(parameter))
      .reduce((total, w) => total.add(term(w).sum().mul(lambda)), Tensor.zeros([]));
  const sparse: Penalty = (parameters) => sum(parameters, strengths.l1, (w) => w.abs());
  const smooth: Penalty = (parameters) => sum(parameters, strengths.l2, (w) => w.mul(w));
  return Object.assign(
    (parameters: Iterable<Tensor>) => {
      const all = [...parameters];
      return sparse(all).add(smooth(all));
    },
    { sparse, smooth, sparsity: (parameter: Tensor) => (applies(parameter) ? strengths.l1 : 0) },
  );
}
