import type { History } from "../train/index.ts";
import { chosenNames } from "./chosenNames.ts";
import type { Figure } from "./figure.ts";
import { figureIdOf } from "./figureId.ts";
import { oneHistory } from "./histories.ts";
import { layerCurves } from "./layerCurves.ts";

export interface UpdateRatiosOptions {
  /** Which, by name. Default: all weights. */
  readonly parameters?: readonly string[];
}

/** What is taken for healthy. */
const healthy = 1e-3;

/**
 * How far each step moved the weights, as a part of their length, on a logarithmic axis; the dotted line is 10⁻³, about
 * which training is in good health.
 *
 * @param history of a training with the callback `train.updateRatios()`
 * @throws TypeError if it is no history, or holds no ratios
 * @throws RangeError if there is no such parameter
 * @example
 * plot.updateRatios(await train.fit(model, { …, callbacks: [train.updateRatios()] }));
 */
export function updateRatios(history: History, options: UpdateRatiosOptions = {}): Figure {
  const { updateRatios: records, status } = oneHistory("updateRatios", history);
  return layerCurves({
    title: "Update-to-weight ratio",
    y: "‖Δw‖ / ‖w‖",
    id: figureIdOf("updateRatios", history),
    smoothing: 0,
    records: records.map(({ step, ratios, total }) => ({ step, values: ratios, total })),
    names: chosenNames("updateRatios", {
      recordedBy: "train.updateRatios()",
      status,
      known: [...new Set(records.flatMap(({ ratios }) => Object.keys(ratios)))],
      asked: options.parameters,
      usual: (name) => !/(^|\.)bias$/.test(name),
      most: 24,
    }),
    layout: {
      shapes: [
        {
          type: "line",
          xref: "paper",
          x0: 0,
          x1: 1,
          y0: healthy,
          y1: healthy,
          line: { color: "#808080", width: 1, dash: "dot" },
        },
      ],
    },
  });
}
