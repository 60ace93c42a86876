import type { Axis, Layout } from "plotly.js";

export interface AxisOptions {
  readonly scale?: "linear" | "log";
  /** Begin at 0 where the axis is linear. Default true. */
  readonly fromZero?: boolean;
}

/** An axis with its title, units in parentheses: "time (s)". */
export function axis(title: string, { scale = "linear", fromZero = true }: AxisOptions = {}): Partial<Axis> {
  return {
    title: { text: title },
    type: scale,
    ...(scale === "linear" && fromZero && { rangemode: "tozero" as const }),
    // Four give powers of ten, or 1, 2 and 5 between them; of more, plotly makes nine a decade, which touch.
    ...(scale === "log" && { tickformat: "~g", nticks: 4 }),
  };
}

/** From epoch 0; there is no half an epoch, so few of them have a tick each. */
export function epochAxis(last: number): Partial<Axis> {
  return { ...axis("epoch"), ...(last <= 12 && { dtick: 1 }) };
}

export interface FigureLayout {
  readonly title: string;
  readonly xaxis?: Partial<Axis>;
  readonly yaxis?: Partial<Axis>;
  /** Pixels. Default 400. */
  readonly height?: number;
  /** In its corner at the top right, where falling curves leave room (default), beside it, or none. */
  readonly legend?: "corner" | "beside" | "none";
}

/** What all figures share. It sets no colour of text, grid or background: those are the page's, light or dark. */
export function layoutOf({
  title,
  xaxis,
  yaxis,
  height = 400,
  legend = "corner",
}: FigureLayout): Partial<Layout> {
  return {
    title: { text: title },
    ...(xaxis && { xaxis }),
    ...(yaxis && { yaxis }),
    showlegend: legend !== "none",
    ...(legend === "corner" && { legend: { x: 1, xanchor: "right", y: 1, bgcolor: "rgba(0, 0, 0, 0)" } }),
    ...(legend === "beside" && { legend: { x: 1.01, xanchor: "left", y: 1, bgcolor: "rgba(0, 0, 0, 0)" } }),
    height,
    margin: { l: 70, r: 20, t: 50, b: 55 },
  };
}

/** A number with so many significant digits: what a figure shows, in a third of the bytes. */
export const short = (value: number, digits: number = 5): number => Number(value.toPrecision(digits));
