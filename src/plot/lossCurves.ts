import { randomUUID } from "node:crypto";
import type { Data, Layout } from "plotly.js";
import { History } from "../train/index.ts";
import { downsample } from "./downsample.ts";
import { Figure } from "./figure.ts";
import { colorsOf } from "./palette.ts";
import { smooth } from "./smooth.ts";

export interface LossCurvesOptions {
  /** How much of the past each point keeps, in [0, 1): 0 shows the raw losses. Default 0.9. */
  readonly smoothing?: number;
  /** `"log"` keeps small losses apart. Default "linear". */
  readonly scale?: "linear" | "log";
  /** Draw the validation loss of each epoch too, dashed. Default: for a single training only. */
  readonly validation?: boolean;
  /** Default "Training loss". */
  readonly title?: string;
}

/**
 * The loss of every step, as it falls: one curve a training, in a colour that stays with its name.
 *
 * A batch's loss jumps from step to step, so what is drawn is its exponential moving average (the axis says so);
 * `smoothing: 0` shows the raw values. A single training also shows the validation loss after each epoch. A curve
 * keeps at most 500 points, its peaks among them.
 *
 * @param histories one history, or several by name
 * @throws RangeError if smoothing lies outside [0, 1)
 * @example
 * plot.lossCurves(history);
 * plot.lossCurves(race.histories, { scale: "log" });
 * await train.fit(model, { …, live: plot.lossCurves });
 */
export function lossCurves(
  histories: History | Readonly<Record<string, History>>,
  options: LossCurvesOptions = {},
): Figure {
  const { smoothing = 0.9, scale = "linear", title = "Training loss" } = options;
  const named = histories instanceof History ? { training: histories } : histories;
  const names = Object.keys(named);
  const validation = options.validation ?? names.length === 1;
  const colors = colorsOf(names);
  const data = names.flatMap((name, index) => {
    const curve = trainingTrace(name, named[name], smoothing, colors[index]);
    const dashed = validation ? validationTrace(name, named[name], colors[index]) : undefined;
    return dashed ? [curve, dashed] : [curve];
  });
  const layout: Partial<Layout> & { meta: { figureId: string } } = {
    title: { text: title },
    xaxis: { title: { text: "step" }, rangemode: "tozero" },
    yaxis: {
      title: { text: smoothing > 0 ? `loss (moving average, ${smoothing})` : "loss" },
      type: scale,
      ...(scale === "linear" && { rangemode: "tozero" }),
      ...(scale === "log" && { dtick: 1, tickformat: "~g" }),
    },
    legend: { x: 1, xanchor: "right", y: 1, bgcolor: "rgba(0, 0, 0, 0)" },
    showlegend: true,
    hovermode: "x unified",
    height: 400,
    margin: { l: 70, r: 20, t: 50, b: 55 },
    meta: { figureId: figureIdOf(histories) },
  };
  const text = names.map((name) => describe(name, named[name]));
  return new Figure({ data, layout, text: `${title}: ${text.join("; ")}` });
}

function trainingTrace(
  name: string,
  { stepLosses }: History,
  smoothing: number,
  color: string,
): Partial<Data> {
  const steps = stepLosses.map((_, index) => index + 1);
  return {
    type: "scatter",
    mode: "lines",
    name,
    ...downsample(steps, smooth(stepLosses, smoothing)),
    line: { color, width: 2 },
    hovertemplate: "%{y:.4f}",
  };
}

function validationTrace(name: string, { epochs }: History, color: string): Partial<Data> | undefined {
  const validated = epochs.filter(({ validationLoss }) => validationLoss !== undefined);
  if (validated.length === 0) return undefined;
  return {
    type: "scatter",
    mode: "lines+markers",
    name: name === "training" ? "validation" : `${name}, validation`,
    ...downsample(
      validated.map(({ steps }) => steps),
      validated.map(({ validationLoss }) => validationLoss as number),
    ),
    line: { color, width: 2, dash: "dot" },
    marker: { color, size: 5 },
    hovertemplate: "%{y:.4f}",
  };
}

const figureIds = new WeakMap<object, string>();

/** The same for every drawing of the same histories: by it a page finds its live figure again. */
function figureIdOf(histories: object): string {
  const id = figureIds.get(histories) ?? randomUUID();
  figureIds.set(histories, id);
  return id;
}

function describe(name: string, { stepLosses }: History): string {
  if (stepLosses.length === 0) return `${name} (no step yet)`;
  const [first, last] = [stepLosses[0], stepLosses[stepLosses.length - 1]];
  return `${name} ${first.toPrecision(3)} → ${last.toPrecision(3)} in ${stepLosses.length} steps`;
}
