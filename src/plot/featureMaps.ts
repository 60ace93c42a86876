import type { Module } from "../nn/index.ts";
import { inEvaluation, observeForward } from "../nn/observe.ts";
import { Tensor } from "../tensor/tensor.ts";
import { closest } from "../util/closest.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape } from "../util/shape.ts";
import type { Figure } from "./figure.ts";
import { imageGrid, type Tile } from "./imageGrid.ts";
import { picturesOf, planeTile, rangeOf, tilesOf } from "./pictures.ts";
import { greys, signed } from "./palette.ts";

export interface FeatureMapsOptions {
  /** Its path in the model, such as `"3"` or `"features.0"`. Default: the first that answers with images. */
  readonly layer?: string;
  /** At most so many channels. Default 24. */
  readonly channels?: number;
}

/**
 * What a layer makes of an image: the image, and each channel of the layer's answer, all channels on one scale.
 *
 * @param model takes images `[N, H, W, C]`
 * @param image one image, `[1, H, W, C]` or `[H, W, C]`
 * @throws ShapeError if there is more than one image, or the layer's answer is not `[N, H, W, channels]`
 * @throws RangeError if there is no such layer
 * @example
 * plot.featureMaps(model, digits.batch([0]).inputs, { layer: "0" });
 */
export function featureMaps(model: Module, image: Tensor, options: FeatureMapsOptions = {}): Figure {
  const { channels = 24 } = options;
  if (!(image instanceof Tensor))
    throw new TypeError(
      "plot.featureMaps: give the image as a tensor [1, H, W, C], such as digits.batch([0]).inputs",
    );
  const single = image.shape.length === 3 ? image.reshape([1, ...image.shape]) : image;
  if (single.shape.length !== 4 || single.size(0) !== 1)
    throw new ShapeError(
      `plot.featureMaps: give one image, [1, H, W, C] or [H, W, C], got ${formatShape(image.shape)}; ` +
        `images.slice(0, 1) is the first of several`,
    );
  const { path, data, shape } = answerOf(model, single, options.layer);
  const [, height, width, depth] = shape;
  const [low, high] = rangeOf({ data, shape });
  // Behind a ReLU nothing lies below 0; else colours tell the signs apart.
  const colors = low < 0 ? signed : greys;
  const extreme = Math.max(-low, high);
  const scale = { colors, ...(low < 0 ? { low: -extreme, high: extreme } : { low: 0, high }) };
  const shown = Math.min(depth, channels);
  const maps = Array.from({ length: shown }, (_, channel) => ({
    ...planeTile((row, column) => data[(row * width + column) * depth + channel], { height, width }, scale),
    caption: `channel ${channel}`,
  }));
  const input = [1, 3].includes(single.size(3)) ? inputTile(single) : [];
  const title = `Feature maps of layer ${path}: ${shown === depth ? depth : `${shown} of ${depth}`} channels`;
  return imageGrid([...input, ...maps], {
    title,
    scale: { ...scale, title: "output" },
    text: `${title}, ${height}×${width}`,
  });
}

function inputTile(image: Tensor): Tile[] {
  const pictures = picturesOf("featureMaps", image, 1);
  return tilesOf(pictures, rangeOf(pictures)).map((tile) => ({ ...tile, caption: "input" }));
}

interface Answer {
  readonly path: string;
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

function answerOf(model: Module, image: Tensor, layer: string | undefined): Answer {
  const paths = model.namedModules().map(([path]) => path);
  if (layer !== undefined && !paths.includes(layer)) {
    const near = closest(layer, paths);
    throw new RangeError(
      `plot.featureMaps: the model has no layer "${layer}"${near ? `; did you mean "${near}"?` : ""} ` +
        `Layers: ${paths.filter((path) => path !== "").join(", ")}`,
    );
  }
  let answer: Answer | undefined;
  let seen: string | undefined;
  inEvaluation(model, () =>
    Tensor.noGrad(() =>
      Tensor.scope(() => {
        const observe = (path: string, _module: unknown, _inputs: unknown, output: unknown): void => {
          if (answer || !(output instanceof Tensor) || (layer !== undefined && path !== layer)) return;
          seen = formatShape(output.shape);
          if (output.shape.length === 4) answer = { path, data: output.data, shape: output.shape };
        };
        observeForward(model, observe, () => void model.forward(image));
      }),
    ),
  );
  if (answer) return answer;
  throw new ShapeError(
    layer === undefined
      ? "plot.featureMaps: no layer of the model answers with images [N, H, W, channels]; it has no convolution"
      : `plot.featureMaps: layer "${layer}" answers ${seen ?? "no tensor"}, not images [N, H, W, channels]; choose a layer before nn.Flatten`,
  );
}
