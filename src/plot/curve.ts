import type { Data } from "plotly.js";
import { downsample } from "./downsample.ts";
import { short } from "./layout.ts";
import { faded } from "./palette.ts";

export interface CurveOptions {
  readonly name: string;
  readonly color: string;
  readonly dash?: "solid" | "dot" | "dash";
  /** Show each point. Default false. */
  readonly markers?: boolean;
  /** Hold each value until the next. Default false. */
  readonly steps?: boolean;
  /** Default "%{y:.4f}". */
  readonly hover?: string;
  /** At most so many, the curve's peaks among them. Default 500. */
  readonly points?: number;
  /** Of the line, in pixels. Default 2. */
  readonly width?: number;
}

/** A line of at most 500 points, its peaks among them. */
export function curve(x: ArrayLike<number>, y: readonly number[], options: CurveOptions): Partial<Data> {
  const { name, color, dash, markers = false, steps = false, hover = "%{y:.4f}", width = 2 } = options;
  const points = downsample(x, y, options.points);
  return {
    type: "scatter",
    mode: markers ? "lines+markers" : "lines",
    name,
    x: points.x,
    y: points.y.map((value) => short(value, 7)),
    line: { color, width, ...(dash && { dash }), ...(steps && { shape: "hv" as const }) },
    ...(markers && { marker: { color, size: 5 } }),
    hovertemplate: hover,
  };
}

/** Curves of the same training under several seeds, as their mean and the band between least and greatest. */
export function band(
  x: ArrayLike<number>,
  curves: readonly (readonly number[])[],
  options: CurveOptions,
): Partial<Data>[] {
  const length = Math.min(x.length, ...curves.map((each) => each.length));
  const of = (reduce: (values: number[]) => number): number[] =>
    Array.from({ length }, (_, index) => reduce(curves.map((each) => each[index])));
  const steps = Array.from({ length }, (_, index) => x[index]);
  const mean = of((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  const low = downsample(
    steps,
    of((values) => Math.min(...values)),
    250,
  );
  const high = downsample(
    steps,
    of((values) => Math.max(...values)),
    250,
  );
  const { name, color } = options;
  const around: Partial<Data> = {
    type: "scatter",
    mode: "lines",
    name: `${name}, range`,
    // Once along the top and back along the bottom.
    x: [...high.x, ...low.x.toReversed()],
    y: [...high.y, ...low.y.toReversed()].map((value) => short(value, 7)),
    fill: "toself",
    fillcolor: faded(color, 0.2),
    line: { color: "rgba(0, 0, 0, 0)", width: 0 },
    hoverinfo: "skip",
    legendgroup: name,
    showlegend: false,
  };
  const line = {
    ...curve(steps, mean, { ...options, name: `${name} (mean of ${curves.length})` }),
    legendgroup: name,
  };
  return [around, line];
}
