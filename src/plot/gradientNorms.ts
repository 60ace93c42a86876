import { chosenNames } from "./chosenNames.ts";
import { curve } from "./curve.ts";
import { Figure } from "./figure.ts";
import { figureIdOf } from "./figureId.ts";
import { type Histories, historiesByName } from "./histories.ts";
import { axis, layoutOf } from "./layout.ts";
import { layerCurves } from "./layerCurves.ts";
import { colorsOf } from "./palette.ts";

export interface GradientNormsOptions {
  /** Which, by name. Default: all weights, from the first layer (blue) to the last (orange). */
  readonly parameters?: readonly string[];
  /** How much of the past each point keeps, in [0, 1). Default 0: the norms themselves. */
  readonly smoothing?: number;
}

/**
 * How long the gradient was, step by step, on a logarithmic axis: of each layer's weights and of all together. Of several
 * trainings, all together alone.
 *
 * @param histories of trainings with the callback `train.gradientNorms()`
 * @throws TypeError if there is something else than histories, or they hold no norms
 * @throws RangeError if there is no such parameter
 * @example
 * const history = await train.fit(model, { …, callbacks: [train.gradientNorms()], live: plot.gradientNorms });
 * plot.gradientNorms(history, { smoothing: 0.9 });
 */
export function gradientNorms(histories: Histories, options: GradientNormsOptions = {}): Figure {
  const { smoothing = 0, parameters } = options;
  const named = Object.entries(historiesByName("gradientNorms", histories));
  const [title, y] = ["Gradient norms", "‖gradient‖"];
  const id = figureIdOf("gradientNorms", histories);
  if (named.length === 1) {
    const [[, { gradientNorms: records, status }]] = named;
    return layerCurves({
      title,
      y,
      id,
      smoothing,
      records: records.map(({ step, norms, total }) => ({ step, values: norms, total })),
      names: chosenNames("gradientNorms", {
        recordedBy: "train.gradientNorms()",
        status,
        known: Object.keys(records[0]?.norms ?? {}),
        asked: parameters,
        usual: (name) => !/(^|\.)bias$/.test(name),
        most: 24,
      }),
    });
  }
  const colors = colorsOf(named.map(([name]) => name));
  const data = named.map(([name, { gradientNorms: records }], index) =>
    curve(
      records.map(({ step }) => step),
      records.map(({ total }) => total),
      { name, color: colors[index], hover: "%{y:.3g}" },
    ),
  );
  const layout = {
    ...layoutOf({ title, xaxis: axis("step"), yaxis: axis(`${y}, all parameters`, { scale: "log" }) }),
    hovermode: "x unified" as const,
    meta: { figureId: id },
  };
  return new Figure({ data, layout });
}
