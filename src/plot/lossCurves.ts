import type { Data } from "plotly.js";
import { History } from "../train/index.ts";
import { band, curve } from "./curve.ts";
import { Figure } from "./figure.ts";
import { figureIdOf } from "./figureId.ts";
import { type Histories, wrong } from "./histories.ts";
import { axis, layoutOf } from "./layout.ts";
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

/** A training, or the same one under several seeds. */
type Seeds = History | readonly History[];

/**
 * The loss of every step, as it falls: one curve a training, in a colour that stays with its name.
 *
 * A batch's loss jumps from step to step, so what is drawn is its exponential moving average (the axis says so);
 * `smoothing: 0` shows the raw values. A single training also shows the validation loss after each epoch. A curve
 * keeps at most 500 points, its peaks among them. A list of histories, of one training under several seeds, becomes
 * their mean with a band from the least to the greatest.
 *
 * @param histories one history, or several by name, each alone or a list of seeds
 * @throws RangeError if smoothing lies outside [0, 1)
 * @throws TypeError if there is something else than histories
 * @example
 * plot.lossCurves(history);
 * plot.lossCurves(race.histories, { scale: "log" });
 * plot.lossCurves({ SGD: [seed1, seed2, seed3], Adam: [seed4, seed5, seed6] });
 * await train.fit(model, { …, live: plot.lossCurves });
 */
export function lossCurves(
  histories: Histories | Readonly<Record<string, Seeds>>,
  options: LossCurvesOptions = {},
): Figure {
  const { smoothing = 0.9, scale = "linear", title = "Training loss" } = options;
  const named = seedsByName(histories);
  const names = Object.keys(named);
  const validation = options.validation ?? names.length === 1;
  const colors = colorsOf(names);
  const data = names.flatMap((name, index) => {
    const traces = trainingTraces(name, named[name], smoothing, colors[index]);
    return validation ? [...traces, ...validationTraces(name, named[name], colors[index])] : traces;
  });
  const layout = {
    ...layoutOf({
      title,
      xaxis: axis("step"),
      yaxis: axis(smoothing > 0 ? `loss (moving average, ${smoothing})` : "loss", { scale }),
    }),
    hovermode: "x unified" as const,
    meta: { figureId: figureIdOf("lossCurves", histories) },
  };
  const text = names.map((name) => describe(name, named[name]));
  return new Figure({ data, layout, text: `${title}: ${text.join("; ")}` });
}

function seedsByName(histories: unknown): Record<string, readonly History[]> {
  if (histories instanceof History) return { training: [histories] };
  if (typeof histories !== "object" || histories === null) throw wrong("lossCurves", histories);
  const entries = Object.entries(histories as Record<string, unknown>).map(([name, value]) => {
    const seeds: unknown[] = Array.isArray(value) ? value : [value];
    if (seeds.length === 0 || !seeds.every((each) => each instanceof History))
      throw wrong("lossCurves", histories, name);
    return [name, seeds as readonly History[]] as const;
  });
  return Object.fromEntries(entries);
}

function trainingTraces(
  name: string,
  seeds: readonly History[],
  smoothing: number,
  color: string,
): Partial<Data>[] {
  const curves = seeds.map(({ stepLosses }) => smooth(stepLosses, smoothing));
  const steps = new Uint32Array(curves[0].length);
  for (let index = 0; index < steps.length; index++) steps[index] = index + 1;
  return seeds.length === 1
    ? [curve(steps, curves[0], { name, color })]
    : band(steps, curves, { name, color });
}

function validationTraces(name: string, seeds: readonly History[], color: string): Partial<Data>[] {
  const validated = seeds.map(({ epochs }) =>
    epochs.filter(({ validationLoss }) => validationLoss !== undefined),
  );
  if (validated.some((epochs) => epochs.length === 0)) return [];
  const steps = validated[0].map((epoch) => epoch.steps);
  const curves = validated.map((epochs) => epochs.map(({ validationLoss }) => validationLoss as number));
  const options = {
    name: name === "training" ? "validation" : `${name}, validation`,
    color,
    dash: "dot",
    markers: true,
  } as const;
  return seeds.length === 1 ? [curve(steps, curves[0], options)] : band(steps, curves, options);
}

function describe(name: string, seeds: readonly History[]): string {
  const { stepLosses } = seeds[0];
  const many = seeds.length > 1 ? ` (first of ${seeds.length} seeds)` : "";
  if (stepLosses.length === 0) return `${name} (no step yet)`;
  const [first, last] = [stepLosses[0], stepLosses[stepLosses.length - 1]];
  return `${name}${many} ${first.toPrecision(3)} → ${last.toPrecision(3)} in ${stepLosses.length} steps`;
}
