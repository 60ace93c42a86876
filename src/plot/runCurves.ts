import { curve } from "./curve.ts";
import { Figure } from "./figure.ts";
import { kindOf } from "./histories.ts";
import { axis, layoutOf } from "./layout.ts";
import { colorsOf } from "./palette.ts";
import { smooth } from "./smooth.ts";

/** A metric of one run: what `track.compare(…).curves("loss")` gives. */
export interface RunCurve {
  readonly name: string;
  /** Tells runs of one name apart. */
  readonly id?: string;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export interface RunCurvesOptions {
  /** What the values are, with their unit. Default "value". */
  readonly metric?: string;
  /** How much of the past each point keeps, in [0, 1). Default 0: the raw values. */
  readonly smoothing?: number;
  readonly scale?: "linear" | "log";
}

/** More are told apart by pointing at them: a legend would cover them, and take longer to draw than they do. */
const mostInLegend = 30;
/** In all curves together, so that hundreds are drawn in a moment and kept in a small notebook. */
const mostPoints = 100_000;

/**
 * The same metric of several recorded runs, side by side; more than 30 without a legend, in thin lines of fewer points.
 * @throws TypeError if there is something else than a list of `{ name, steps, values }`
 * @throws RangeError if steps and values of a run differ in number
 * @example
 * plot.runCurves(track.compare({ tags: "baseline" }).curves("loss"), { metric: "loss" });
 */
export function runCurves(curves: readonly RunCurve[], options: RunCurvesOptions = {}): Figure {
  const { metric = "value", smoothing = 0, scale = "linear" } = options;
  if (!Array.isArray(curves) || !curves.every((each) => each?.steps && each.values))
    throw new TypeError(
      `plot.runCurves: give a list of { name, steps, values }, as track.compare(…).curves("loss") does, got ${kindOf(curves)}`,
    );
  const names = namesOf(curves);
  const colors = colorsOf(names);
  const few = curves.length <= mostInLegend;
  const points = Math.max(50, Math.min(500, Math.floor(mostPoints / curves.length)));
  const data = curves.map(({ steps, values }, index) => {
    if (steps.length !== values.length)
      throw new RangeError(
        `plot.runCurves: ${names[index]} has ${steps.length} steps but ${values.length} values`,
      );
    return curve(Array.from(steps), smooth(Array.from(values), smoothing), {
      name: names[index],
      color: colors[index],
      ...(!few && { width: 1, points }),
    });
  });
  const layout = {
    ...layoutOf({
      title: metric,
      xaxis: axis("step"),
      yaxis: axis(smoothing > 0 ? `${metric} (moving average, ${smoothing})` : metric, {
        scale,
        fromZero: false,
      }),
      legend: few ? "corner" : "none",
    }),
    hovermode: few ? ("x unified" as const) : ("closest" as const),
  };
  return new Figure({
    data,
    layout,
    text: `${metric} of ${few ? names.join(", ") : `${names.length} runs`}`,
  });
}

/** Several runs may share a name: then the end of the id stands behind it. */
function namesOf(curves: readonly RunCurve[]): string[] {
  const counts = new Map<string, number>();
  for (const { name } of curves) counts.set(name, (counts.get(name) ?? 0) + 1);
  return curves.map(({ name, id }) =>
    counts.get(name)! > 1 && id !== undefined ? `${name} ${id.slice(-4)}` : name,
  );
}
