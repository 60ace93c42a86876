import type { INotebookTracker } from "@jupyterlab/notebook";

/** Plotly is 4 MB: it is fetched once there is a notebook, not with the page. */
export const loadPlotly = () => import("plotly.js-dist-min").then((module) => module.default);

export type Plotly = Awaited<ReturnType<typeof loadPlotly>>;

/** Have it at hand for the first figure of a page, which would else wait a second or two: as soon as the page is idle. */
export function fetchPlotlyAhead(tracker: INotebookTracker): void {
  // If it cannot be fetched, the first figure tries again and says so.
  const fetch = (): void => whenIdle(() => void loadPlotly().catch(() => {}));
  tracker.forEach(fetch);
  tracker.widgetAdded.connect(fetch);
}

/** Safari knows no idle moments. */
const whenIdle = (work: () => void): void =>
  void ("requestIdleCallback" in globalThis ? requestIdleCallback(work) : setTimeout(work, 1000));
