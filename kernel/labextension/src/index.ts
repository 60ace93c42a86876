import { IThemeManager } from "@jupyterlab/apputils";
import { INotebookTracker } from "@jupyterlab/notebook";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { plotlyMimeType } from "./figure.ts";
import { findDisplaysAgain } from "./findAgain.ts";
import { fetchPlotlyAhead } from "./plotly.ts";
import { savePictures } from "./savePictures.ts";
import { PlotlyRenderer } from "./plotlyRenderer.ts";

/** Before HTML (50) and pictures (90): the figure itself, where its static twin lies beside it. */
const rank = 0;

export default {
  id: "gradbook-labextension:plotly",
  description: "Draws plotly figures, live while a cell runs.",
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [INotebookTracker, IThemeManager],
  activate(
    _application: unknown,
    rendermime: IRenderMimeRegistry,
    tracker: INotebookTracker | null,
    themes: IThemeManager | null,
  ): void {
    const factory = {
      safe: true,
      mimeTypes: [plotlyMimeType],
      createRenderer: () => new PlotlyRenderer(themes?.themeChanged),
    };
    rendermime.addFactory(factory, rank);
    if (!tracker) return;
    fetchPlotlyAhead(tracker);
    findDisplaysAgain(tracker);
    savePictures(tracker);
  },
};
