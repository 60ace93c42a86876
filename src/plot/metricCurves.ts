import type { EpochRecord, History } from "../train/index.ts";
import { curve } from "./curve.ts";
import { Figure } from "./figure.ts";
import { figureIdOf } from "./figureId.ts";
import { type Histories, historiesByName } from "./histories.ts";
import { axis, epochAxis, layoutOf } from "./layout.ts";
import { colorsOf } from "./palette.ts";

export interface MetricCurvesOptions {
  /** `"accuracy"` (default), `"loss"`, `"penalty"`, `"learningRate"`, or a metric that `fit` was asked for, by its name. */
  readonly metric?: string;
  readonly scale?: "linear" | "log";
  /** Default: the metric's name. */
  readonly title?: string;
}

/**
 * A number of each epoch: one colour a training, solid on the training examples, dotted on the validation's.
 *
 * @param histories one history, or several by name
 * @throws RangeError if no epoch has this metric, with the names of those it has
 * @example
 * plot.metricCurves(history);
 * plot.metricCurves(race.histories, { metric: "recall" });
 */
export function metricCurves(histories: Histories, options: MetricCurvesOptions = {}): Figure {
  const { metric = "accuracy", scale = "linear", title = capitalized(metric) } = options;
  const named = historiesByName("metricCurves", histories);
  const names = Object.keys(named);
  const colors = colorsOf(names);
  checkKnown(metric, Object.values(named));
  const percent = metric === "accuracy" ? 100 : 1;
  const data = names.flatMap((name, index) => {
    const { epochs } = named[name];
    return (["", "validation"] as const).flatMap((part) => {
      const points = epochs.flatMap((epoch) => {
        const value = valueOf(epoch, metric, part);
        return value === undefined ? [] : [{ epoch: epoch.epoch, value: percent * value }];
      });
      if (points.length === 0) return [];
      return curve(
        points.map(({ epoch }) => epoch),
        points.map(({ value }) => value),
        {
          name: part === "" ? name : name === "training" ? "validation" : `${name}, validation`,
          color: colors[index],
          markers: true,
          ...(part === "validation" && { dash: "dot" as const }),
        },
      );
    });
  });
  const layout = {
    ...layoutOf({
      title,
      xaxis: epochAxis(Math.max(0, ...Object.values(named).map(({ epochs }) => epochs.length))),
      yaxis: axis(metric === "accuracy" ? "accuracy (%)" : metric, { scale, fromZero: false }),
    }),
    // Accuracies rise: their free corner is the lower one.
    legend: {
      x: 1,
      xanchor: "right" as const,
      y: 0,
      yanchor: "bottom" as const,
      bgcolor: "rgba(0, 0, 0, 0)",
    },
    hovermode: "x unified" as const,
    meta: { figureId: figureIdOf("metricCurves", histories) },
  };
  return new Figure({ data, layout, text: `${title}: ${names.join(", ")}` });
}

type Part = "" | "validation";

function valueOf(epoch: EpochRecord, metric: string, part: Part): number | undefined {
  const own = epoch as unknown as Record<string, unknown>;
  const value = own[part === "" ? metric : `validation${capitalized(metric)}`];
  if (typeof value === "number") return value;
  return (part === "" ? epoch.metrics : epoch.validationMetrics)?.[metric];
}

function checkKnown(metric: string, histories: readonly History[]): void {
  const epochs = histories.flatMap((history) => history.epochs);
  if (epochs.length === 0 || epochs.some((epoch) => valueOf(epoch, metric, "") !== undefined)) return;
  const [first] = epochs;
  const has = [
    ...["loss", "accuracy", "penalty", "learningRate"].filter(
      (name) => valueOf(first, name, "") !== undefined,
    ),
    ...Object.keys(first.metrics ?? {}),
  ];
  throw new RangeError(`plot.metricCurves: no epoch has "${metric}"; they have ${has.join(", ")}`);
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
