import type { Op } from "./op.ts";

/** C = A B over matrices, so dA = dC Bᵀ and dB = Aᵀ dC. */
export const matmul: Op = {
  name: "matmul",
  forward: ([a, b]) => a.backend.matmul(a, b, false, false),
  backward: (gradient, [a, b]) => [
    () => gradient.backend.matmul(gradient, b, false, true),
    () => gradient.backend.matmul(a, gradient, true, false),
  ],
};
