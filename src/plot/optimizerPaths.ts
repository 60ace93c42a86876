import type { Data } from "plotly.js";
import type { Optimizer } from "../optim/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import { ShapeError } from "../util/errors.ts";
import { log } from "../util/math.ts";
import { formatShape } from "../util/shape.ts";
import { downsample } from "./downsample.ts";
import { Figure } from "./figure.ts";
import { gridOver, type Range, rowsOf } from "./grid.ts";
import { axis, layoutOf, short } from "./layout.ts";
import { colorsOf, relief } from "./palette.ts";

export interface OptimizerPathsOptions {
  /** What walks, by name: `{ SGD: (parameters) => new optim.SGD(parameters, { learningRate: 0.1 }) }`. */
  readonly optimizers: Readonly<Record<string, (parameters: Tensor[]) => Optimizer>>;
  /** Where all of them begin. */
  readonly start: readonly [x: number, y: number];
  /** Steps of each. Default 50. */
  readonly steps?: number;
  /** The part of the plane that is shown. */
  readonly x: Range;
  readonly y: Range;
  /** Default "Paths of optimizers". */
  readonly title?: string;
}

/** Points of the contour along each axis. */
const resolution = 61;

/**
 * Where optimizers walk on a loss surface of two weights: its contours, and from the same start one path each, run here.
 * A path ends where its point is no longer finite. Contours lie at equal distances of log(1 + loss above its lowest), so
 * that a flat valley and a steep wall both show.
 *
 * @param surface the loss of two weights, computed with tensors: it is asked for one point, `[]`, and for the whole grid,
 *   `[N]`, at once
 * @throws RangeError if a range does not go upward, or steps is not an integer >= 1
 * @throws TypeError if there is no optimizer, or ShapeError if the surface does not give one number a point
 * @example
 * const valley = (x, y) => x.mul(x).mul(0.05).add(y.mul(y));
 * plot.optimizerPaths(valley, {
 *   optimizers: {
 *     SGD: (w) => new optim.SGD(w, { learningRate: 0.9 }),
 *     Momentum: (w) => new optim.Momentum(w, { learningRate: 0.1, momentum: 0.8 }),
 *   },
 *   start: [-9, 2], x: [-10, 10], y: [-3, 3],
 * });
 */
export function optimizerPaths(
  surface: (x: Tensor, y: Tensor) => Tensor,
  options: OptimizerPathsOptions,
): Figure {
  const { optimizers, start, steps = 50, title = "Paths of optimizers" } = options;
  const names = Object.keys(optimizers ?? {});
  if (names.length === 0)
    throw new TypeError("plot.optimizerPaths: no optimizers; give { name: (parameters) => optimizer, … }");
  if (!(Number.isInteger(steps) && steps >= 1))
    throw new RangeError(`plot.optimizerPaths: steps must be an integer >= 1, got ${steps}`);
  const grid = gridOver("optimizerPaths", options, resolution);
  const heights = surfaceOver(surface, grid.points);
  const lowest = heights.reduce((least, height) => Math.min(least, height), Infinity);
  const walks = names.map((name) => walk(surface, optimizers[name], start, steps));
  const colors = colorsOf(names);
  const contour: Partial<Data> = {
    type: "contour",
    x: [...grid.x],
    y: [...grid.y],
    z: rowsOf(
      heights.map((height) => log(1 + height - lowest)),
      resolution,
    ),
    customdata: rowsOf(heights, resolution) as never,
    colorscale: relief,
    ncontours: 20,
    line: { color: "rgba(128, 128, 128, 0.5)", width: 0.7 },
    showscale: false,
    hovertemplate: "loss %{customdata:.4g} at (%{x:.3g}, %{y:.3g})<extra></extra>",
  };
  const paths = walks.map(({ x, y, losses }, index): Partial<Data> => {
    // Kept by loss, so that no turn of more than 500 steps' path is lost.
    const kept = downsample(
      losses.map((_, step) => step),
      losses,
    ).x;
    return {
      type: "scatter",
      mode: "lines+markers",
      name: names[index],
      x: kept.map((step) => short(x[step])),
      y: kept.map((step) => short(y[step])),
      customdata: kept.map((step) => [step, short(losses[step])]) as never,
      line: { color: colors[index], width: 2 },
      marker: { color: colors[index], size: 5, line: { color: "#FFFFFF", width: 0.5 } },
      hovertemplate: "step %{customdata[0]}: loss %{customdata[1]:.4g}",
    };
  });
  const begin: Partial<Data> = {
    type: "scatter",
    mode: "markers",
    name: "start",
    x: [start[0]],
    y: [start[1]],
    marker: { color: "#FFFFFF", size: 11, symbol: "circle", line: { color: "#222222", width: 2 } },
    hoverinfo: "skip",
  };
  const layout = {
    ...layoutOf({
      title,
      xaxis: { ...axis("w₁", { fromZero: false }), range: [...options.x] },
      yaxis: { ...axis("w₂", { fromZero: false }), range: [...options.y] },
      height: 460,
      legend: "beside",
    }),
    hovermode: "closest" as const,
  };
  const text = walks.map(({ losses }, index) => {
    const last = losses.length - 1;
    return `${names[index]} ${losses[last].toPrecision(3)} after ${last} steps`;
  });
  return new Figure({ data: [contour, ...paths, begin], layout, text: `${title}: ${text.join("; ")}` });
}

type Surface = (x: Tensor, y: Tensor) => Tensor;

function surfaceOver(surface: Surface, points: { x: Float32Array; y: Float32Array }): number[] {
  return Tensor.noGrad(() =>
    Tensor.scope(() => {
      const count = points.x.length;
      const z = surface(Tensor.from(points.x, [count]), Tensor.from(points.y, [count]));
      if (z.numel !== count)
        throw new ShapeError(
          `plot.optimizerPaths: the surface must give one number a point, got ${formatShape(z.shape)} for ` +
            `points [${count}]; leave out sum() and mean() over them`,
        );
      return Array.from(z.data);
    }),
  );
}

interface Walk {
  readonly x: number[];
  readonly y: number[];
  /** At each point, the start included. */
  readonly losses: number[];
}

function walk(
  surface: Surface,
  make: (parameters: Tensor[]) => Optimizer,
  start: readonly [number, number],
  steps: number,
): Walk {
  const walked: Walk = { x: [], y: [], losses: [] };
  return Tensor.scope(() => {
    const weights = start.map((value) => Tensor.from(Float32Array.of(value), [], { requiresGrad: true }));
    const optimizer = make(weights);
    for (let step = 0; step <= steps; step++) {
      const [x, y] = weights.map((weight) => weight.item());
      const loss = Tensor.noGrad(() => Tensor.scope(() => surface(weights[0], weights[1]).item()));
      if (step > 0 && !(Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(loss))) break;
      walked.x.push(x);
      walked.y.push(y);
      walked.losses.push(loss);
      optimizer.minimize(() => surface(weights[0], weights[1]));
    }
    return walked;
  });
}
