import type { History } from "../train/index.ts";
import { chosenNames } from "./chosenNames.ts";
import type { Figure } from "./figure.ts";
import { oneHistory } from "./histories.ts";
import { ridges } from "./ridges.ts";

export interface ActivationsOptions {
  /** Which, by name, such as `"1 ReLU"`. Default: the first nine. */
  readonly layers?: readonly string[];
}

/**
 * How the outputs of each layer were spread over the same examples, epoch after epoch: ridges, the first at the bottom.
 *
 * @param history of a training with the callback `train.activations(inputs)`
 * @throws TypeError if it is no history, or holds no activations
 * @throws RangeError if there is no such layer
 * @example
 * const history = await train.fit(model, { …, callbacks: [train.activations(inputs)] });
 * plot.activations(history);
 */
export function activations(history: History, options: ActivationsOptions = {}): Figure {
  const { activations: moments, status } = oneHistory("activations", history);
  const names = chosenNames("activations", {
    recordedBy: "train.activations(inputs)",
    status,
    known: Object.keys(moments[0]?.histograms ?? {}),
    asked: options.layers,
  });
  return ridges("Activations", "output", moments, names);
}
