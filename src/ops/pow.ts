import type { RawArray } from "../backend/backend.ts";
import { expanded } from "./expand.ts";
import type { Op } from "./op.ts";
import { consuming, filled, scalar } from "./scalar.ts";
import { sumTo } from "./sumTo.ts";

/**
 * Elementwise power with broadcasting. z = xʸ, so dz/dx = y xʸ⁻¹, and 0 where y = 0; dz/dy = z ln x, and 0 where
 * x = 0 and y >= 0: as in PyTorch.
 */
export const pow: Op = {
  name: "pow",
  forward: ([x, y]) => x.backend.binary("pow", x, y),
  backward: (gradient, [x, y], z) => {
    const { backend, shape } = gradient;
    // Not a product with 0, since what is left out may be infinite.
    const zeroWhere = (condition: RawArray, slope: RawArray): RawArray =>
      backend.where(
        expanded(condition, shape),
        filled(gradient, shape, 0),
        backend.binary("mul", gradient, slope),
      );
    const zero = scalar(gradient, 0);
    return [
      () => {
        const lower = backend.binary("pow", x, backend.binary("sub", y, scalar(y, 1)));
        const isOne = backend.binary("equal", y, zero);
        return sumTo(zeroWhere(isOne, backend.binary("mul", y, lower)), x.shape);
      },
      () => {
        const [atZero, rising] = [backend.binary("equal", x, zero), backend.binary("greaterEqual", y, zero)];
        const isZero = backend.binary("mul", atZero, rising);
        return sumTo(zeroWhere(isZero, backend.binary("mul", z, backend.unary("log", x))), y.shape);
      },
    ];
  },
};

/** y = xⁿ for one number n, so dy/dx = n xⁿ⁻¹, and 0 for n = 0. */
export const powNumber: Op<number> = {
  name: "pow",
  forward: ([x], exponent) => power(x, exponent),
  backward: (gradient, [x], _output, exponent) => [
    () => {
      if (exponent === 0) return filled(gradient, x.shape, 0);
      const { backend } = gradient;
      const slope = backend.binary("mul", power(x, exponent - 1), scalar(x, exponent));
      return backend.binary("mul", gradient, slope);
    },
  ],
};

/** The powers that are one root, product or quotient are computed as such. */
function power(x: RawArray, exponent: number): RawArray {
  const { backend } = x;
  switch (exponent) {
    case 0.5:
      return backend.unary("sqrt", x);
    case 2:
      return backend.binary("mul", x, x);
    case 3:
      return consuming(backend.binary("mul", x, x), (square) => backend.binary("mul", square, x));
    case -1:
      return consuming(scalar(x, 1), (one) => backend.binary("div", one, x));
    default:
      return consuming(scalar(x, exponent), (number) => backend.binary("pow", x, number));
  }
}
