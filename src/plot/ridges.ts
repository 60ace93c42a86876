import type { Data } from "plotly.js";
import type { Histogram } from "../train/index.ts";
import { Figure } from "./figure.ts";
import { short } from "./layout.ts";
import { faded, shades } from "./palette.ts";
import { axesOf, columnsOf, panelLayout } from "./panels.ts";

/** Histograms of one moment, by what they are of. */
export interface Moment {
  readonly epoch: number;
  readonly histograms: Readonly<Record<string, Histogram>>;
}

/** More lie so close that none can be told. */
const mostRidges = 12;
/** How far a ridge may reach over the next, in distances between two. */
const reach = 1.6;

/** A panel for each name: ridges over one another, the first moment at the bottom. */
export function ridges(
  title: string,
  unit: string,
  moments: readonly Moment[],
  names: readonly string[],
): Figure {
  const shown = evenly(moments, mostRidges);
  const colors = shades(shown.length);
  const data = names.flatMap((name, panel) => {
    // From the top down, so that each lies before the one behind it.
    const indices = shown.map((_, index) => shown.length - 1 - index);
    return indices.flatMap((index) => {
      const { epoch, histograms } = shown[index];
      const histogram = histograms[name];
      return histogram ? [ridge(histogram, { index, epoch, panel, color: colors[index] })] : [];
    });
  });
  const panels = names.map((name, panel) => ({
    title: name,
    xaxis: { title: { text: unit }, zeroline: false },
    yaxis: {
      ...(panel === 0 && { title: { text: "epoch" } }),
      // The same in all panels; between two the numbers would stand in the ridges.
      showticklabels: panel % columnsOf(names.length) === 0,
      tickvals: shown.map((_, index) => index),
      ticktext: shown.map(({ epoch }) => String(epoch)),
      range: [-0.2, shown.length - 1 + reach + 0.2],
      zeroline: false,
    },
  }));
  const layout = { ...panelLayout(title, panels), hovermode: "closest" as const };
  const last = shown[shown.length - 1];
  const text = last ? `${names.join(", ")}; epochs ${shown[0].epoch} to ${last.epoch}` : "no epoch yet";
  return new Figure({ data, layout, text: `${title}: ${text}` });
}

interface Place {
  readonly index: number;
  readonly epoch: number;
  readonly panel: number;
  readonly color: string;
}

/** Steps along the bins, each as high as its part of the fullest. */
function ridge({ low, high, counts }: Histogram, { index, epoch, panel, color }: Place): Partial<Data> {
  const fullest = Math.max(1, ...counts);
  // Numbers that are all the same lie in one bin without width: a peak about them.
  const width = high > low ? (high - low) / counts.length : 0.02 * Math.max(1, Math.abs(low));
  const middle = (bin: number): number => (high > low ? low + (bin + 0.5) * width : low + bin * width);
  const x = [middle(-1), ...counts.map((_, bin) => middle(bin)), middle(counts.length)];
  const heights = [0, ...counts, 0];
  return {
    type: "scatter",
    mode: "lines",
    name: `epoch ${epoch}`,
    x: x.map((value) => short(value, 4)),
    y: heights.map((count) => short(index + (reach * count) / fullest, 4)),
    customdata: heights,
    fill: "toself",
    fillcolor: faded(color, 0.55),
    line: { color, width: 1.2 },
    hovertemplate: `epoch ${epoch}: %{customdata} near %{x:.3g}<extra></extra>`,
    hoveron: "points",
    ...axesOf(panel),
  } as Partial<Data>;
}

/** At most so many of a list, the first and the last among them. */
function evenly<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from(
    { length: most },
    (_, index) => list[Math.round((index / (most - 1)) * (list.length - 1))],
  );
}
