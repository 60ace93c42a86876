import type {
  Cell,
  INotebookTracker,
  KernelConnection,
  KernelMessage,
  NotebookPanel,
} from "@jupyterlab/notebook";
import { figureId, figureIn } from "./figure.ts";
import { type Place, rememberDisplays } from "./rememberDisplays.ts";

/**
 * Lets what changes in place, live figures and lines of progress, live on over a reload of the page. JupyterLab forgets
 * then which output an update belongs to, while the kernel goes on sending. The tab still knows, and in another tab the
 * id inside a figure tells.
 */
export function findDisplaysAgain(tracker: INotebookTracker): void {
  tracker.forEach(follow);
  tracker.widgetAdded.connect((_tracker, panel) => follow(panel));
}

function follow(panel: NotebookPanel): void {
  const { sessionContext } = panel;
  let followed: KernelConnection | null = null;
  const heard = (kernel: KernelConnection, message: KernelMessage): void => hear(panel, kernel, message);
  const attach = (kernel: KernelConnection | null): void => {
    if (kernel === followed) return;
    followed?.iopubMessage.disconnect(heard);
    kernel?.iopubMessage.connect(heard);
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

function hear(panel: NotebookPanel, kernel: KernelConnection, message: KernelMessage): void {
  const { header, parent_header: parent, content } = message;
  const displays = rememberDisplays(kernel.id);
  const cells = panel.content.widgets;
  const asker = (): Cell | undefined =>
    cells.find(({ outputArea }) => outputArea?.future?.msg.header.msg_id === parent.msg_id);
  const id = content.transient?.display_id;
  if (header.msg_type === "clear_output") {
    const cell = asker();
    if (cell) displays.forget(cell.model.id);
  } else if (header.msg_type === "display_data" && id !== undefined) {
    const cell = asker();
    // JupyterLab has added it by now.
    if (cell?.outputArea) displays.put(id, { cell: cell.model.id, index: cell.outputArea.model.length - 1 });
  } else if (header.msg_type === "update_display_data") {
    const place = id === undefined ? undefined : displays.place(id);
    // A cell that was run from this page gets its updates from JupyterLab.
    for (const cell of cells) if (!cell.outputArea?.future) update(cell, place, content);
  }
}

/** Puts it where this display stands, or a figure of the same id. */
function update(cell: Cell, place: Place | undefined, content: KernelMessage["content"]): void {
  const { id, outputs } = cell.model;
  if (!outputs) return;
  const figure = figureId(figureIn(content.data));
  for (let index = 0; index < outputs.length; index++) {
    const output = outputs.get(index);
    const remembered = place?.cell === id && place.index === index;
    const same = figure !== undefined && figureId(figureIn(output.data)) === figure;
    if (!(remembered || same)) continue;
    outputs.set(index, { ...output.toJSON(), data: content.data, metadata: content.metadata ?? {} });
  }
}
