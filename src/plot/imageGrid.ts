import type { Data, Layout } from "plotly.js";
import { encodePng, type Pixels } from "./encodePng.ts";
import { Figure } from "./figure.ts";

/** A small picture: red, green and blue from 0 to 255, row by row. */
export interface Tile {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Above it. */
  readonly caption?: string;
  /** What a pointer over it says. Default: the caption. */
  readonly hover?: string;
}

export interface ImageGridOptions {
  readonly title: string;
  readonly columns?: number | undefined;
  /** What the colours mean. */
  readonly scale?: {
    readonly colors: string | [number, string][];
    readonly low: number;
    readonly high: number;
    readonly title: string;
  };
  readonly text: string;
}

/** Pixels of the screen along a tile's side: an image is enlarged by whole numbers to at least that. */
const sharpSide = 112;

/**
 * Pictures in rows, all in one PNG: some kilobytes where lists of numbers would take megabytes. Its pixels are enlarged
 * here, since a browser would blur them.
 */
export function imageGrid(tiles: readonly Tile[], options: ImageGridOptions): Figure {
  const { title, scale, text } = options;
  const count = tiles.length;
  const columns = Math.min(options.columns ?? Math.min(8, Math.ceil(1.4 * Math.sqrt(count))), count);
  const rows = Math.ceil(count / columns);
  const [width, height] = (["width", "height"] as const).map((side) =>
    Math.max(...tiles.map((tile) => tile[side])),
  );
  const captioned = tiles.some(({ caption }) => caption !== undefined);
  // In pixels of the images, as both axes count.
  const gap = 0.08 * Math.max(width, height);
  const above = captioned ? 0.24 * Math.max(width, height) : gap;
  const place = (index: number): { left: number; top: number } => ({
    left: (index % columns) * (width + gap),
    top: above + Math.floor(index / columns) * (height + above),
  });
  const [fullWidth, fullHeight] = [columns * (width + gap) - gap, rows * (height + above)];
  const cell = Math.min(150, 700 / columns);
  const layout: Partial<Layout> = {
    title: { text: title },
    xaxis: { range: [0, fullWidth], visible: false, constrain: "domain" } as Partial<Layout>["xaxis"] &
      object,
    yaxis: {
      range: [fullHeight, 0],
      visible: false,
      scaleanchor: "x",
      constrain: "domain",
    } as Partial<Layout>["yaxis"] & object,
    images: tiles.map((tile, index) => {
      const { left, top } = place(index);
      return {
        source: `data:image/png;base64,${encodePng(enlarged(tile)).toString("base64")}`,
        xref: "x",
        yref: "y",
        x: left,
        y: top,
        sizex: width,
        sizey: height,
        sizing: "contain",
        xanchor: "left",
        yanchor: "top",
        layer: "above",
      };
    }),
    showlegend: false,
    hovermode: "closest",
    height: Math.round((cell * fullHeight) / (width + gap) + 80),
    margin: { l: 20, r: 20, t: 50, b: 20 },
  };
  const centres = tiles.map((_, index) => place(index));
  const pointer: Partial<Data> = {
    type: "scatter",
    mode: "markers",
    x: centres.map(({ left }) => left + width / 2),
    y: centres.map(({ top }) => top + height / 2),
    text: tiles.map(({ hover, caption }, index) => hover ?? caption ?? String(index)),
    hovertemplate: "%{text}<extra></extra>",
    marker: {
      size: 12,
      opacity: 0,
      ...(scale && {
        color: tiles.map(() => scale.low),
        cmin: scale.low,
        cmax: scale.high,
        colorscale: scale.colors,
        showscale: true,
        colorbar: { title: { text: scale.title, side: "top" }, thickness: 14 },
      }),
    },
  };
  const captions: Partial<Data> = {
    type: "scatter",
    mode: "text",
    x: centres.map(({ left }) => left + width / 2),
    y: centres.map(({ top }) => top),
    text: tiles.map(({ caption }) => caption ?? ""),
    textposition: "top center",
    textfont: { size: 11 },
    hoverinfo: "skip",
    cliponaxis: false,
  };
  return new Figure({ data: captioned ? [pointer, captions] : [pointer], layout, text });
}

function enlarged({ width, height, data }: Tile): Pixels {
  const times = Math.max(1, Math.ceil(sharpSide / Math.max(width, height)));
  const wide = width * times;
  const out = new Uint8Array(4 * wide * height * times);
  for (let y = 0; y < height * times; y++)
    for (let x = 0; x < wide; x++) {
      const from = 3 * (Math.floor(y / times) * width + Math.floor(x / times));
      const to = 4 * (y * wide + x);
      for (let channel = 0; channel < 3; channel++) out[to + channel] = data[from + channel];
      out[to + 3] = 255;
    }
  return { width: wide, height: height * times, data: out };
}
