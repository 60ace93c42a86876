/** Okabe and Ito's colours, which all eyes tell apart; a run keeps its own. */
const palette = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#888888"];
const colors = new Map<string, string>();
/** More are told apart by pointing at them. */
const mostInLegend = 30;

/** What Plotly draws. */
export interface Figure {
  data: object[];
  layout: object;
}

export interface Curves {
  differences: string[];
  curves: { id: string; name: string; steps: number[]; values: number[] }[];
}

export interface ParallelCoordinates {
  differences: string[];
  /** Absent where the runs differ in no parameter. */
  data?: object[];
  layout?: object;
}

const margin = { l: 70, r: 20, t: 20, b: 50 };

/** A metric of the chosen runs over the steps. */
export function curvesFigure({ curves }: Curves, metric: string, isLog: boolean): Figure {
  const axis = { gridcolor: "rgba(128, 128, 128, 0.25)", zerolinecolor: "rgba(128, 128, 128, 0.5)" };
  const few = curves.length <= mostInLegend;
  return {
    data: curves.map(({ id, name, steps, values }) => ({
      type: "scatter",
      mode: steps.length === 1 ? "markers" : "lines",
      name: `${name} ${id.slice(-4)}`,
      x: steps,
      y: values,
      // They come with no more points than are drawn.
      line: { color: colorOf(id), width: few ? 2 : 1, simplify: false },
    })),
    layout: {
      margin,
      xaxis: { ...axis, title: { text: "step" } },
      yaxis: { ...axis, title: { text: metric }, type: isLog ? "log" : "linear" },
      showlegend: few,
      hovermode: "closest",
      // Zoom and hidden curves stay through updates.
      uirevision: metric,
    },
  };
}

/** A line a run, over the parameters in which the chosen runs differ and the metric that it ended with. */
export function parallelFigure({ data, layout }: ParallelCoordinates): Figure {
  if (data && layout) return { data, layout };
  const text = "Choose runs that differ in a parameter: an axis each is drawn here.";
  const none = { visible: false };
  const middle = { x: 0.5, y: 0.5, xref: "paper", yref: "paper" };
  return {
    data: [],
    layout: {
      margin,
      xaxis: none,
      yaxis: none,
      annotations: [{ text, ...middle, showarrow: false, font: { size: 14 } }],
    },
  };
}

function colorOf(id: string): string {
  const color = colors.get(id) ?? palette[colors.size % palette.length] ?? "#888888";
  colors.set(id, color);
  return color;
}
