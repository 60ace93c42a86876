import type { Op } from "./op.ts";

/**
 * y = table[indices], row by row. A row that was read many times receives the sum of its gradients, in the order of
 * the indices. Inputs: the table [V, D] and int32 indices of any shape, all within [0, V).
 */
export const embedding: Op = {
  name: "embedding",
  forward: ([table, indices]) => table.backend.embedding(table, indices),
  backward: (gradient, [table, indices]) => [
    () => gradient.backend.embeddingGradient(gradient, indices, table.shape),
    undefined,
  ],
};
