import type { RawArray } from "../backend/backend.ts";
import type { Op } from "./op.ts";
import { sumTo } from "./sumTo.ts";

/** Which operand's last two axes are read exchanged. */
export interface Transposed {
  readonly left: boolean;
  readonly right: boolean;
}

/**
 * C = A B over the last two axes, leading axes broadcast, so dA = dC Bᵀ and dB = Aᵀ dC, summed over the axes along
 * which a matrix was repeated. An operand that is read transposed gets its gradient transposed.
 */
export const matmul: Op<Transposed> = {
  name: "matmul",
  forward: ([a, b], { left, right }) => a.backend.matmul(a, b, left, right),
  backward: (gradient, [a, b], _output, { left, right }) => {
    const { backend } = gradient;
    return [
      () =>
        sumTo(
          left ? backend.matmul(b, gradient, right, true) : backend.matmul(gradient, b, false, !right),
          a.shape,
        ),
      () => {
        // One matrix that met many: their rows are the rows of one tall matrix, and the sum one product.
        const tall = b.shape.length === 2 && !left;
        const [x, dy] = tall ? [rowsOf(a), rowsOf(gradient)] : [a, gradient];
        return sumTo(
          right ? backend.matmul(dy, x, true, left) : backend.matmul(x, dy, !left, false),
          b.shape,
        );
      },
    ];
  },
};

const rowsOf = (x: RawArray): RawArray => {
  const columns = x.shape[x.shape.length - 1];
  return x.backend.reshape(x, [x.size / columns, columns]);
};
