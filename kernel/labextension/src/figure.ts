import type { Config, Data, Layout } from "plotly.js-dist-min";

/** The MIME type under which plotly figures travel, whatever library made them. */
export const plotlyMimeType = "application/vnd.plotly.v1+json";

export interface Figure {
  data: Data[];
  layout?: Partial<Layout>;
  config?: Partial<Config>;
}

/** The figure in a MIME bundle, if it holds one. */
export function figureIn(bundle: Readonly<Record<string, unknown>> | undefined): Figure | undefined {
  const figure = bundle?.[plotlyMimeType] as Partial<Figure> | undefined;
  return Array.isArray(figure?.data) ? (figure as Figure) : undefined;
}

/** A live figure carries its own name, by which it is found again after the page was loaded anew. */
export function figureId(figure: Figure | undefined): string | undefined {
  const meta = figure?.layout?.meta as { figureId?: unknown } | undefined;
  return typeof meta?.figureId === "string" ? meta.figureId : undefined;
}
