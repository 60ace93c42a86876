import type { Op } from "./op.ts";
import { save } from "./save.ts";

/**
 * ℓ = −ln softmax(z)[label] = ln Σ exp(z − max z) − (z[label] − max z) per row, so dℓ/dz = softmax(z) − oneHot(label),
 * which `forward` makes of the exponentials it has.
 * Inputs: logits [N, C] and int32 labels [N].
 */
export const crossEntropy: Op = {
  name: "crossEntropy",
  forward: ([logits, labels], _options, saved) => {
    const { loss, slope } = logits.backend.crossEntropy(logits, labels);
    save("crossEntropy", saved, [slope]);
    return loss;
  },
  backward: (gradient, [, labels], _loss, _options, [slope]) => [
    () => {
      const { backend } = gradient;
      return backend.binary("mul", backend.reshape(gradient, [labels.size, 1]), slope);
    },
    undefined,
  ],
};
