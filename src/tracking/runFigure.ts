import { axis } from "../plot/layout.ts";
import { curve } from "../plot/curve.ts";
import { Figure } from "../plot/figure.ts";
import { figureIdOf } from "../plot/figureId.ts";
import { colorsOf } from "../plot/palette.ts";
import { axesOf, panelLayout } from "../plot/panels.ts";

/** So many panels are read at a glance; `track.compare(run).curves(name)` has every metric. */
const mostPanels = 9;

/** The values of a metric over the steps. */
export interface RunCurve {
  readonly metric: string;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/**
 * The metrics of one run, each in a panel of its own: they differ in their units.
 * @param subject what the figure is of, by which a page finds it again
 */
export function runFigure(name: string, curves: readonly RunCurve[], text: string, subject: object): Figure {
  // The norm of each parameter, of which there may be hundreds, has its own figure: plot.gradientNorms.
  const drawn = curves.filter(({ metric }) => !metric.includes("gradientNorm.")).slice(0, mostPanels);
  const [color] = colorsOf([name]);
  const data = drawn.map(({ metric, steps, values }, index) => ({
    ...curve(Array.from(steps), Array.from(values), {
      name: metric,
      color,
      markers: steps.length < 2,
      hover: "%{y:.5g}",
    }),
    ...axesOf(index),
  }));
  const panels = drawn.map(({ metric }) => ({
    title: metric,
    xaxis: axis("step"),
    yaxis: axis("", { fromZero: false }),
  }));
  const layout = { ...panelLayout(name, panels), meta: { figureId: figureIdOf("run", subject) } };
  return new Figure({ data, layout, text });
}
