import type { History } from "../train/index.ts";
import type { Figure } from "./figure.ts";
import { oneHistory } from "./histories.ts";
import { ridges } from "./ridges.ts";
import { chosenNames } from "./chosenNames.ts";

export interface WeightHistogramsOptions {
  /** Which, by name. Default: the weights, without biases, nine at most. */
  readonly parameters?: readonly string[];
}

/**
 * How the weights of each parameter were spread, epoch after epoch: ridges, the first at the bottom. Each ridge is as
 * high as any other, so that what shows is where the weights lie and how wide.
 *
 * @param history of a training with the callback `train.weightHistograms()`
 * @throws TypeError if it is no history, or holds no histograms
 * @throws RangeError if there is no such parameter
 * @example
 * const history = await train.fit(model, { …, callbacks: [train.weightHistograms()] });
 * plot.weightHistograms(history);
 */
export function weightHistograms(history: History, options: WeightHistogramsOptions = {}): Figure {
  const { weightHistograms: moments, status } = oneHistory("weightHistograms", history);
  const names = chosenNames("weightHistograms", {
    recordedBy: "train.weightHistograms()",
    status,
    known: Object.keys(moments[0]?.histograms ?? {}),
    asked: options.parameters,
    usual: (name) => !/(^|\.)bias$/.test(name),
  });
  return ridges("Weights", "weight", moments, names);
}
