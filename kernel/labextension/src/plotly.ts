/** Plotly is 4 MB: it is fetched with the first figure, not with the page. */
export const loadPlotly = () => import("plotly.js-dist-min").then((module) => module.default);

export type Plotly = Awaited<ReturnType<typeof loadPlotly>>;
