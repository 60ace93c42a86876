import type { Layout } from "plotly.js";
import { curve } from "./curve.ts";
import { Figure } from "./figure.ts";
import { axis, layoutOf } from "./layout.ts";
import { shades } from "./palette.ts";
import { smooth } from "./smooth.ts";

/** A positive number of each layer in one step, and one of all together. */
export interface LayerRecord {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
  readonly total: number;
}

export interface LayerCurves {
  readonly title: string;
  readonly y: string;
  /** By which a live figure is found again. */
  readonly id: string;
  readonly records: readonly LayerRecord[];
  readonly names: readonly string[];
  readonly smoothing: number;
  /** Further parts of the layout. */
  readonly layout?: Partial<Layout>;
}

/** A curve a layer, from the first (blue) to the last (orange), and a grey one of all together. */
export function layerCurves({ title, y, id, records, names, smoothing, layout }: LayerCurves): Figure {
  const colors = shades(names.length);
  const options = { hover: "%{y:.3g}" };
  const layers = names.map((name, index) => {
    // One that was 0 everywhere had no number yet.
    const there = records.filter(({ values }) => values[name] !== undefined);
    const values = smooth(
      there.map((record) => record.values[name]),
      smoothing,
    );
    return curve(
      there.map(({ step }) => step),
      values,
      { ...options, name, color: colors[index] },
    );
  });
  const total = curve(
    records.map(({ step }) => step),
    smooth(
      records.map((record) => record.total),
      smoothing,
    ),
    { ...options, name: "all", color: "#808080", dash: "dash" },
  );
  const average = smoothing > 0 ? ` (moving average, ${smoothing})` : "";
  const last = records[records.length - 1];
  return new Figure({
    data: [...layers, total],
    layout: {
      ...layoutOf({
        title,
        xaxis: axis("step"),
        yaxis: axis(`${y}${average}`, { scale: "log" }),
        legend: "beside",
      }),
      hovermode: "x unified",
      meta: { figureId: id },
      ...layout,
    } as Partial<Layout>,
    text: last
      ? `${title}: all ${last.total.toPrecision(3)} at step ${last.step}; ${names.join(", ")}`
      : `${title}: no step yet`,
  });
}
