import type { Annotations, Layout } from "plotly.js";
import type { Axis } from "plotly.js";

export interface Panel {
  readonly title: string;
  readonly xaxis: Partial<Axis>;
  readonly yaxis: Partial<Axis>;
}

/** Which axes a trace of this panel, counted from 0, is drawn on. */
export const axesOf = (index: number): { xaxis: string; yaxis: string } => ({
  xaxis: index === 0 ? "x" : `x${index + 1}`,
  yaxis: index === 0 ? "y" : `y${index + 1}`,
});

/** How many panels stand in a row. */
export const columnsOf = (panels: number): number => (panels === 4 ? 2 : Math.min(3, Math.max(1, panels)));

/** Several small drawings in rows, each with its title above it, as one figure's layout. */
export function panelLayout(title: string, panels: readonly Panel[]): Partial<Layout> {
  const columns = columnsOf(panels.length);
  const rows = Math.max(1, Math.ceil(panels.length / columns));
  const [rowHeight, gapBetween, above] = [260, 105, 85];
  const inner = rows * rowHeight + (rows - 1) * gapBetween;
  const across = 0.09;
  const width = (1 - (columns - 1) * across) / columns;
  const axes: Record<string, unknown> = {};
  const annotations: Partial<Annotations>[] = [];
  panels.forEach((panel, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const left = column * (width + across);
    const top = 1 - (row * (rowHeight + gapBetween)) / inner;
    const suffix = index === 0 ? "" : String(index + 1);
    axes[`xaxis${suffix}`] = { ...panel.xaxis, domain: [left, left + width], anchor: `y${suffix}` };
    axes[`yaxis${suffix}`] = {
      ...panel.yaxis,
      domain: [Math.max(0, top - rowHeight / inner), top],
      anchor: `x${suffix}`,
    };
    annotations.push({
      text: panel.title,
      x: left + width / 2,
      y: top,
      xref: "paper",
      yref: "paper",
      xanchor: "center",
      yanchor: "bottom",
      showarrow: false,
    });
  });
  return {
    title: { text: title },
    ...axes,
    annotations,
    showlegend: false,
    height: inner + above + 60,
    margin: { l: 65, r: 20, t: above, b: 60 },
  };
}
