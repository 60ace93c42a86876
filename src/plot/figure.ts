import type { Config, Data, Layout } from "plotly.js";
import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";

export interface FigureParts {
  /** Plotly's traces, https://plotly.com/javascript/reference/ */
  readonly data: readonly Partial<Data>[];
  /** Plotly's layout: title, axes, legend. */
  readonly layout?: Partial<Layout>;
  /** Plotly's configuration: which buttons there are. */
  readonly config?: Partial<Config>;
  /** What a terminal shows in its place. Default: the number of traces and their names. */
  readonly text?: string;
}

/** A Plotly figure, as data; whoever shows it draws it. */
export class Figure implements Displayable {
  readonly data: readonly Partial<Data>[];
  readonly layout: Partial<Layout>;
  readonly config: Partial<Config> | undefined;
  readonly #text: string;

  constructor({ data, layout = {}, config, text }: FigureParts) {
    this.data = data;
    this.layout = layout;
    this.config = config;
    this.#text = text ?? describe(data);
  }

  toString(): string {
    return this.#text;
  }

  [jupyterDisplay](): MimeBundle {
    const { data, layout, config } = this;
    return {
      "application/vnd.plotly.v1+json": config ? { data, layout, config } : { data, layout },
      "text/plain": this.#text,
    };
  }
}

/**
 * A figure of your own from Plotly's traces and layout.
 * @throws TypeError if `data` is not a list of traces
 * @example
 * plot.figure({ data: [{ x: [1, 2, 3], y: [1, 4, 9] }], layout: { title: { text: "squares" } } });
 */
export function figure(parts: FigureParts): Figure {
  if (!Array.isArray(parts?.data)) {
    throw new TypeError(
      "plot.figure: data must be a list of traces, such as { data: [{ x: [1, 2], y: [3, 4] }] }",
    );
  }
  return new Figure(parts);
}

function describe(data: readonly Partial<Data>[]): string {
  const names = data.map(({ name }, index) => name ?? `trace ${index + 1}`);
  return `Figure: ${data.length} ${data.length === 1 ? "trace" : "traces"} (${names.join(", ")})`;
}
