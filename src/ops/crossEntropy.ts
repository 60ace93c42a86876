import type { Op } from "./op.ts";

/**
 * ℓ = −ln softmax(z)[label] = ln Σ exp(z − max z) − (z[label] − max z) per row, so dℓ/dz = softmax(z) − oneHot(label).
 * Inputs: logits [N, C] and int32 labels [N].
 */
export const crossEntropy: Op = {
  name: "crossEntropy",
  forward: ([logits, labels]) => logits.backend.crossEntropy(logits, labels),
  backward: (gradient, [logits, labels]) => [
    () => gradient.backend.crossEntropyGradient(gradient, logits, labels),
    undefined,
  ],
};
