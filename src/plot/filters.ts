import { Conv2d } from "../nn/index.ts";
import { kindOf } from "./histories.ts";
import type { Figure } from "./figure.ts";
import { imageGrid } from "./imageGrid.ts";
import { signed } from "./palette.ts";
import { planeTile, rangeOf, tilesOf } from "./pictures.ts";

export interface FiltersOptions {
  /** At most so many. Default 32. */
  readonly count?: number;
}

/**
 * The windows that a convolution has learned. Those over three channels show as colours, each scale the same for all;
 * others a plane for each pair of output and input channel, blue below 0 and orange above.
 *
 * @param layer an `nn.Conv2d`
 * @throws TypeError if it is another layer
 * @example
 * const first = new nn.Conv2d(1, 8, 5);
 * plot.filters(first);
 */
export function filters(layer: Conv2d, options: FiltersOptions = {}): Figure {
  const { count = 32 } = options;
  if (!(layer instanceof Conv2d))
    throw new TypeError(`plot.filters: give an nn.Conv2d, such as model.layers[0], got ${kindOf(layer)}`);
  const { data, shape } = layer.weight;
  const [out, height, width, channels] = shape;
  const colored = channels === 3;
  const all = colored ? out : out * channels;
  const shown = Math.min(all, count);
  const title = `Filters: ${shown === all ? all : `${shown} of ${all}`}, ${height}×${width}`;
  const text = `${title}; ${out} outputs over ${channels} channels`;
  if (colored) {
    const size = height * width * 3;
    const pictures = { data: data.slice(0, shown * size), shape: [shown, height, width, 3] };
    const tiles = tilesOf(pictures, rangeOf({ data, shape }));
    return imageGrid(
      tiles.map((tile, filter) => ({ ...tile, caption: `output ${filter}` })),
      { title, text },
    );
  }
  const extreme = Array.from(data).reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const scale = { colors: signed, low: -extreme, high: extreme };
  const tiles = Array.from({ length: shown }, (_, index) => {
    const [filter, channel] = [Math.floor(index / channels), index % channels];
    const weight = (row: number, column: number): number =>
      data[((filter * height + row) * width + column) * channels + channel];
    const caption = channels === 1 ? `output ${filter}` : `${filter} of ${channel}`;
    return {
      ...planeTile(weight, { height, width }, scale),
      caption,
      hover: `output ${filter}, input ${channel}`,
    };
  });
  return imageGrid(tiles, { title, text, scale: { ...scale, title: "weight" } });
}
