import { Tensor } from "../tensor/tensor.ts";

/** The points of a plane's grid, row by row from the bottom, and the axes they lie on. */
export interface Grid {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** The x, and the y, of each point. */
  readonly points: { readonly x: Float32Array; readonly y: Float32Array };
}

export type Range = readonly [low: number, high: number];

/** @throws RangeError if a range does not go upward */
export function gridOver(operation: string, ranges: { x: Range; y: Range }, resolution: number): Grid {
  const [x, y] = (["x", "y"] as const).map((name) => {
    const [low, high] = ranges[name] ?? [];
    if (!(low < high && Number.isFinite(high - low)))
      throw new RangeError(
        `plot.${operation}: ${name} must be [low, high] with low < high, got [${low}, ${high}]`,
      );
    return Array.from({ length: resolution }, (_, at) => low + ((high - low) * at) / (resolution - 1));
  });
  const count = resolution * resolution;
  return {
    x,
    y,
    points: {
      x: Float32Array.from({ length: count }, (_, index) => x[index % resolution]),
      y: Float32Array.from({ length: count }, (_, index) => y[Math.floor(index / resolution)]),
    },
  };
}

/** Numbers of all points as rows, as plotly wants them. */
export const rowsOf = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) =>
    Array.from({ length: width }, (_, column) => Number(values[row * width + column].toPrecision(4))),
  );

/** Two columns side by side, `[N, 2]`. */
export function pairs({ x, y }: Grid["points"]): Tensor {
  const values = new Float32Array(2 * x.length);
  for (let index = 0; index < x.length; index++) values.set([x[index], y[index]], 2 * index);
  return Tensor.from(values, [x.length, 2]);
}
