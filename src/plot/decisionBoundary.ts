import type { Data } from "plotly.js";
import type { Dataset } from "../data/index.ts";
import type { Module } from "../nn/index.ts";
import { inEvaluation } from "../nn/observe.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape } from "../util/shape.ts";
import { Figure } from "./figure.ts";
import { gridOver, pairs, type Range, rowsOf } from "./grid.ts";
import { layoutOf, short } from "./layout.ts";
import { classColor, faded } from "./palette.ts";

export interface DecisionBoundaryOptions {
  /** The part of the plane. Default: the examples', and a tenth around them. */
  readonly x?: Range;
  readonly y?: Range;
  /** Default "Decision boundary". */
  readonly title?: string;
}

/** Points along each axis. */
const resolution = 81;
/** More points would only cover one another. */
const mostExamples = 1000;

/**
 * Which class a model gives to each point of the plane, and how sure it is: a colour a class, paler where the greatest
 * probability is near chance, with the examples on top.
 *
 * @param model takes `[N, 2]` and returns logits: `[N, C]`, or `[N, 1]` of two classes
 * @param dataset of inputs `[2]` with class indices as labels; the first 1,000 examples are drawn
 * @throws ShapeError if an input is not two numbers, or the model's answer is not logits
 * @throws TypeError if the examples have no classes
 * @example
 * const points = data.spirals({ classes: 3, seed: 1 });
 * plot.decisionBoundary(model, points);
 */
export function decisionBoundary(
  model: Module,
  dataset: Dataset & {
    readonly featureNames?: readonly string[] | undefined;
    readonly classNames?: readonly string[] | undefined;
  },
  options: DecisionBoundaryOptions = {},
): Figure {
  const { title = "Decision boundary" } = options;
  const examples = examplesOf(dataset);
  const grid = gridOver(
    "decisionBoundary",
    { x: options.x ?? around(examples.x), y: options.y ?? around(examples.y) },
    resolution,
  );
  const { classes, predicted, certainty } = ask(model, grid.points);
  const shown = Math.max(classes, 1 + Math.max(...examples.classes));
  const { classNames = [], featureNames = [] } = dataset;
  const nameOf = (one: number): string => classNames[one] ?? `class ${one}`;
  const chance = 1 / classes;
  const areas: Partial<Data> = {
    type: "heatmap",
    x: grid.x.map((value) => short(value)),
    y: grid.y.map((value) => short(value)),
    // One colour axis for all classes: class c lies in [c, c + 1), the surer the higher.
    z: rowsOf(
      predicted.map(
        (one, index) => one + Math.min(0.999, Math.max(0, (certainty[index] - chance) / (1 - chance))),
      ),
      resolution,
    ),
    zmin: 0,
    zmax: shown,
    colorscale: Array.from({ length: shown }, (_, one) => [
      [one / shown, faded(classColor(one), 0.08)],
      [one + 1 === shown ? 1 : (one + 0.9999) / shown, faded(classColor(one), 0.5)],
    ]).flat() as [number, string][],
    showscale: false,
    hoverinfo: "skip",
  };
  const points = Array.from({ length: shown }, (_, one): Partial<Data> => {
    const members = examples.classes.flatMap((each, index) => (each === one ? [index] : []));
    return {
      type: "scatter",
      mode: "markers",
      name: nameOf(one),
      x: members.map((index) => short(examples.x[index])),
      y: members.map((index) => short(examples.y[index])),
      marker: { color: classColor(one), size: 6, line: { color: "#FFFFFF", width: 1 } },
      hovertemplate: "(%{x:.3g}, %{y:.3g})",
    };
  });
  const layout = {
    ...layoutOf({
      title,
      xaxis: { title: { text: featureNames[0] ?? "x₁" }, showgrid: false, zeroline: false },
      yaxis: { title: { text: featureNames[1] ?? "x₂" }, showgrid: false, zeroline: false },
      height: 460,
      legend: "beside",
    }),
    hovermode: "closest" as const,
  };
  return new Figure({
    data: [areas, ...points],
    layout,
    text: `${title}: ${shown} classes, ${examples.x.length} examples`,
  });
}

function examplesOf(dataset: Dataset): { x: number[]; y: number[]; classes: number[] } {
  const { classes } = dataset;
  if (!classes)
    throw new TypeError(
      "plot.decisionBoundary: the examples have no classes; their labels must be class indices",
    );
  const count = Math.min(dataset.length, mostExamples);
  const { inputs, labels } = dataset.batch(Array.from({ length: count }, (_, index) => index));
  try {
    if (inputs.numel !== 2 * count)
      throw new ShapeError(
        `plot.decisionBoundary: an input must be two numbers, a point of the plane, got ${formatShape(inputs.shape.slice(1))}`,
      );
    const values = inputs.data;
    const at = (offset: number): number[] =>
      Array.from({ length: count }, (_, index) => values[2 * index + offset]);
    return { x: at(0), y: at(1), classes: Array.from({ length: count }, (_, index) => classes[index]) };
  } finally {
    inputs.dispose();
    labels.dispose();
  }
}

function around(values: readonly number[]): Range {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.1 * (high - low || 1);
  return [low - margin, high + margin];
}

interface Answer {
  readonly classes: number;
  readonly predicted: number[];
  /** The greatest probability. */
  readonly certainty: number[];
}

function ask(model: Module, points: { x: Float32Array; y: Float32Array }): Answer {
  return inEvaluation(model, () =>
    Tensor.noGrad(() =>
      Tensor.scope((): Answer => {
        const logits: unknown = model.forward(pairs(points));
        if (!(logits instanceof Tensor) || logits.shape.length !== 2)
          throw new ShapeError(
            `plot.decisionBoundary: the model must return logits [N, C], got ` +
              (logits instanceof Tensor ? formatShape(logits.shape) : typeof logits),
          );
        if (logits.size(1) === 1) {
          const probabilities = Array.from(logits.sigmoid().data);
          return {
            classes: 2,
            predicted: probabilities.map((p) => (p > 0.5 ? 1 : 0)),
            certainty: probabilities.map((p) => Math.max(p, 1 - p)),
          };
        }
        return {
          classes: logits.size(1),
          predicted: Array.from(logits.argmax(1).data),
          certainty: Array.from(logits.softmax(1).max(1).data),
        };
      }),
    ),
  );
}
