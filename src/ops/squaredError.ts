import type { Op } from "./op.ts";

/**
 * L = Σ (x − y)² / divisor, a scalar, so dL/dx = 2(x − y)/divisor and dL/dy = −dL/dx; the shapes are equal. One
 * operation instead of a difference, a square, a sum and a quotient: on small batches each costs more than its
 * arithmetic.
 */
export const squaredError: Op<number> = {
  name: "squaredError",
  forward: ([x, y], divisor) => {
    const squares = x.backend.binary("squaredDifference", x, y);
    const sum = x.backend.reduce("sum", squares, 1, squares.size, 1, []);
    squares.release("squaredError");
    sum.data[0] /= divisor;
    return sum;
  },
  backward: (gradient, [x, y], _output, divisor) => {
    const { backend } = x;
    const slope = (sign: 1 | -1) => backend.from([(sign * 2 * gradient.data[0]) / divisor], [], x.dtype);
    return [
      () => backend.binary("mul", backend.binary("sub", x, y), slope(1)),
      () => backend.binary("mul", backend.binary("sub", x, y), slope(-1)),
    ];
  },
};
