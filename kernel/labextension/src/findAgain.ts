import type { INotebookTracker, KernelConnection, KernelMessage, NotebookPanel } from "@jupyterlab/notebook";
import { figureId, figureIn } from "./figure.ts";

/**
 * Lets live figures live on over a reload of the page. JupyterLab forgets then which output an update
 * belongs to, while the kernel goes on sending; the id inside the figure still tells.
 */
export function findFiguresAgain(tracker: INotebookTracker): void {
  tracker.forEach(follow);
  tracker.widgetAdded.connect((_tracker, panel) => follow(panel));
}

function follow(panel: NotebookPanel): void {
  const { sessionContext } = panel;
  let followed: KernelConnection | null = null;
  const update = (_kernel: KernelConnection, message: KernelMessage): void => updateOutputs(panel, message);
  const attach = (kernel: KernelConnection | null): void => {
    if (kernel === followed) return;
    followed?.iopubMessage.disconnect(update);
    kernel?.iopubMessage.connect(update);
    followed = kernel;
  };
  attach(sessionContext.session?.kernel ?? null);
  const changed = (_context: unknown, { newValue }: { newValue: KernelConnection | null }): void =>
    attach(newValue);
  sessionContext.kernelChanged.connect(changed);
  panel.disposed.connect(() => {
    attach(null);
    sessionContext.kernelChanged.disconnect(changed);
  });
}

function updateOutputs(panel: NotebookPanel, { header, content }: KernelMessage): void {
  if (header.msg_type !== "update_display_data") return;
  const id = figureId(figureIn(content.data));
  if (id === undefined) return;
  for (const { outputArea } of panel.content.widgets) {
    // A cell that was run from this page gets its updates from JupyterLab.
    if (!outputArea || outputArea.future) continue;
    const { model } = outputArea;
    for (let index = 0; index < model.length; index++) {
      const output = model.get(index);
      if (figureId(figureIn(output.data)) !== id) continue;
      model.set(index, {
        ...output.toJSON(),
        data: content.data,
        metadata: content.metadata ?? {},
      });
    }
  }
}
