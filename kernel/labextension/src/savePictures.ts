import type { Context, INotebookTracker, NotebookPanel, OutputAreaModel } from "@jupyterlab/notebook";
import { type Figure, figureIn } from "./figure.ts";
import { loadPlotly } from "./plotly.ts";

const pictureType = "image/png";
const defaultWidth = 800;
const defaultHeight = 400;
/** As `gradbook run` does: sharp on most screens, and a third smaller than at twice the width. */
const scale = 1.5;

/**
 * Gives every figure of a saved notebook a picture beside it, for readers that draw no plotly: GitHub, nbconvert, other
 * editors. A picture takes a moment and saving does not wait for one, so those that are missing are made when a save has
 * ended, and then it is saved once more.
 */
export function savePictures(tracker: INotebookTracker): void {
  tracker.forEach(follow);
  tracker.widgetAdded.connect((_tracker, panel) => follow(panel));
}

function follow(panel: NotebookPanel): void {
  const { context } = panel;
  let busy = false;
  const saved = (_context: Context, state: string): void => {
    if (!state.startsWith("completed") || busy) return;
    busy = true;
    void addPictures(panel)
      .then((added) => (added && !panel.isDisposed ? context.save() : undefined))
      .finally(() => (busy = false));
  };
  context.saveState.connect(saved);
  panel.disposed.connect(() => context.saveState.disconnect(saved));
}

/** Whether there were figures without a picture. */
async function addPictures(panel: NotebookPanel): Promise<boolean> {
  let added = false;
  for (const { model } of panel.content.widgets) {
    const { outputs } = model;
    if (!outputs) continue;
    for (let index = 0; index < outputs.length; index++) if (await addPicture(outputs, index)) added = true;
  }
  return added;
}

async function addPicture(outputs: OutputAreaModel, index: number): Promise<boolean> {
  const output = outputs.get(index);
  const figure = figureIn(output.data);
  if (!figure || pictureType in output.data) return false;
  // Plotly writes its defaults into what it draws, so it gets a copy, and text is what can be compared.
  const text = JSON.stringify(figure);
  const picture = await pictureOf(JSON.parse(text) as Figure).catch((error: unknown) =>
    console.warn("gradbook: a figure is saved without its picture:", error),
  );
  // While it was drawn a live figure may have gone on, or the cell been cleared.
  const now = index < outputs.length ? figureIn(outputs.get(index).data) : undefined;
  if (!picture || JSON.stringify(now) !== text) return false;
  const { base64, width, height } = picture;
  outputs.set(index, {
    ...output.toJSON(),
    data: { ...output.data, [pictureType]: base64 },
    metadata: { ...output.metadata, [pictureType]: { width, height } },
  });
  return true;
}

/** Labels among lines stand on the page, not in the lines. */
const onWhite = { layout: { annotationdefaults: { bgcolor: "#FFFFFF" } } };

/** On white whatever the theme, since who reads it may have another; with the size it is shown at. */
async function pictureOf({
  data,
  layout,
  config,
}: Figure): Promise<{ base64: string; width: number; height: number }> {
  const plotly = await loadPlotly();
  const { width = defaultWidth, height = defaultHeight } = layout ?? {};
  const drawn = { template: onWhite, ...layout, width, height };
  const figure = { data, layout: drawn, config: { ...config, staticPlot: true } };
  const address = await plotly.toImage(figure as Figure, { format: "png", width, height, scale });
  return { base64: address.slice(address.indexOf(",") + 1), width, height };
}
