import type { RawArray } from "../backend/backend.ts";
import { sizeOf } from "../util/shape.ts";
import type { Op } from "./op.ts";
import { reduce, type Reduction, spread } from "./reduce.ts";
import { consuming, scalar } from "./scalar.ts";

export interface VarianceOptions extends Reduction {
  /** Taken from the number of elements in the divisor. */
  readonly correction: number;
}

/** y = Σ (x − mean)² / (n − correction), so dy/dx = 2 (x − mean) / (n − correction). */
export const variance: Op<VarianceOptions> = {
  name: "variance",
  forward: ([x], options) => {
    const { backend } = x;
    const squares = consuming(centred(x, options), (distance) => backend.binary("mul", distance, distance));
    const total = consuming(squares, () => reduce("sum", squares, options));
    return consuming(total, () => over(total, divisor(x, options)));
  },
  backward: (gradient, [x], _output, options) => [
    () => {
      const { backend } = gradient;
      const twice = backend.binary("add", gradient, gradient);
      const share = over(twice, divisor(x, options));
      return backend.binary("mul", centred(x, options), spread(share, x.shape, options));
    },
  ],
};

const over = (x: RawArray, by: number): RawArray =>
  consuming(scalar(x, by), (number) => x.backend.binary("div", x, number));

/** Of too few elements there is no variance: 0 / 0. */
const divisor = (x: RawArray, options: VarianceOptions): number =>
  Math.max(0, count(x, options) - options.correction);

const count = (x: RawArray, { axes }: Reduction): number => sizeOf(axes.map((axis) => x.shape[axis]));

/** x − mean. */
function centred(x: RawArray, { axes }: Reduction): RawArray {
  const kept = { axes, keepDims: true };
  const mean = consuming(reduce("sum", x, kept), (total) => over(total, count(x, kept)));
  return consuming(mean, () => x.backend.binary("sub", x, mean));
}
