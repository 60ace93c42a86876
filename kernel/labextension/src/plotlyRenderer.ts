import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { Message } from "@lumino/messaging";
import type { ISignal } from "@lumino/signaling";
import { Widget } from "@lumino/widgets";
import { type Figure, figureIn } from "./figure.ts";
import { LatestOnly } from "./latestOnly.ts";
import { loadPlotly, type Plotly } from "./plotly.ts";
import { themeTemplate } from "./theme.ts";

/** Redrawing five traces takes a page about 100 ms, so more often than this only delays everything else. */
const drawInterval = 100;

const defaultHeight = 400;

/** One figure in an output area. The output area keeps it over updates, and so do zoom and hidden traces. */
export class PlotlyRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #latest = new LatestOnly<Figure>(drawInterval, (figure) => this.#draw(figure));
  readonly #themeChanged: ISignal<unknown, unknown> | undefined;
  readonly #resized = new ResizeObserver(() => this.#fit());
  #plotly: Plotly | undefined;
  #figure: Figure | undefined;
  #drawnWidth = 0;

  constructor(themeChanged: ISignal<unknown, unknown> | undefined) {
    super();
    this.addClass("gradbook-figure");
    this.node.style.width = "100%";
    this.#themeChanged = themeChanged;
    themeChanged?.connect(this.#redraw, this);
    this.#resized.observe(this.node);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const figure = figureIn(model.data);
    if (!figure) throw new Error("This output is no plotly figure: it has no list of traces under `data`.");
    this.#figure = figure;
    // Before the element has its height the page would jump when the figure arrives.
    this.node.style.height = `${figure.layout?.height ?? defaultHeight}px`;
    if (this.isAttached) await this.#latest.push(figure);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.#latest.stop();
    this.#resized.disconnect();
    this.#themeChanged?.disconnect(this.#redraw, this);
    this.#plotly?.purge(this.node);
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.#redraw();
  }

  #redraw(): void {
    if (this.#figure && this.isAttached) void this.#latest.push(this.#figure);
  }

  async #draw(figure: Figure): Promise<void> {
    this.#plotly ??= await loadPlotly();
    if (this.isDisposed || !this.isAttached) return;
    this.#drawnWidth = this.node.clientWidth;
    const layout = {
      autosize: true,
      // While this stays the same, plotly keeps what the reader zoomed or hid.
      uirevision: "kept",
      ...figure.layout,
      template: figure.layout?.template ?? themeTemplate(this.node),
    };
    await this.#plotly.react(this.node, figure.data, layout, { displaylogo: false, ...figure.config });
  }

  /** A side bar opened or the window grew: plotly itself hears only of the window. */
  #fit(): void {
    const width = this.node.clientWidth;
    if (width === 0 || width === this.#drawnWidth || this.#drawnWidth === 0) return;
    this.#redraw();
  }
}
