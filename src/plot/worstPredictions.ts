import type { Dataset } from "../data/index.ts";
import type { Module } from "../nn/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import { predict } from "../train/index.ts";
import { ShapeError } from "../util/errors.ts";
import { formatShape } from "../util/shape.ts";
import type { Figure } from "./figure.ts";
import { imageGrid } from "./imageGrid.ts";
import { picturesOf, rangeOf, tilesOf } from "./pictures.ts";

export interface WorstPredictionsOptions {
  /** At most so many. Default 12. */
  readonly count?: number;
  /** Images in a row. */
  readonly columns?: number;
}

/**
 * The images with the greatest loss, −log of the probability given to the class they have: what they were taken for, what
 * they are, and how sure the model was. Often they show which labels are wrong.
 *
 * @param model returns logits `[N, C]`
 * @param dataset of images with class indices as labels
 * @throws TypeError if the examples have no classes, ShapeError if they are not images or the answer is not logits
 * @throws RangeError unless count is an integer >= 1
 * @example
 * plot.worstPredictions(model, heldOut, { count: 8 });
 */
export function worstPredictions(
  model: Module,
  dataset: Dataset & { readonly classNames?: readonly string[] | undefined },
  options: WorstPredictionsOptions = {},
): Figure {
  const { count = 12, columns } = options;
  if (!(Number.isInteger(count) && count >= 1))
    throw new RangeError(`plot.worstPredictions: count must be an integer >= 1, got ${count}`);
  const { classes, classNames } = dataset;
  if (!classes)
    throw new TypeError(
      "plot.worstPredictions: the examples have no classes; their labels must be class indices",
    );
  const nameOf = (one: number): string => classNames?.[one] ?? String(one);
  const judged = judge(model, dataset, classes);
  const worst = judged.toSorted((a, b) => b.loss - a.loss || a.index - b.index).slice(0, count);
  const pictures = picturesOf(
    "worstPredictions",
    dataset,
    worst.map(({ index }) => index),
  );
  const tiles = tilesOf(pictures, rangeOf(pictures)).map((tile, place) => {
    const { index, actual, predicted, certainty, loss } = worst[place];
    return {
      ...tile,
      caption: `${nameOf(predicted)} (is ${nameOf(actual)})`,
      hover: `example ${index}: taken for ${nameOf(predicted)} at ${(100 * certainty).toFixed(1)} %, is ${nameOf(actual)}; loss ${loss.toFixed(3)}`,
    };
  });
  const wrong = judged.filter(({ predicted, actual }) => predicted !== actual).length;
  const title = `Worst predictions: ${wrong} of ${judged.length} wrong`;
  const text = worst.map(
    ({ index, actual, predicted }) => `${index}: ${nameOf(predicted)}, is ${nameOf(actual)}`,
  );
  return imageGrid(tiles, {
    title,
    columns: columns ?? Math.min(6, tiles.length),
    text: `${title}\n${text.join("\n")}`,
  });
}

interface Judged {
  readonly index: number;
  readonly actual: number;
  readonly predicted: number;
  /** The probability of the predicted class. */
  readonly certainty: number;
  readonly loss: number;
}

function judge(model: Module, dataset: Dataset, classes: ArrayLike<number>): Judged[] {
  return Tensor.scope(() => {
    const logits = predict(model, dataset);
    if (logits.shape.length !== 2 || logits.size(1) < 2)
      throw new ShapeError(
        `plot.worstPredictions: the model must return logits [N, C] of two classes or more, got ${formatShape(logits.shape)}`,
      );
    const width = logits.size(1);
    const probabilities = logits.softmax(1).data;
    const logs = logits.logSoftmax(1).data;
    const predictions = logits.argmax(1).data;
    return Array.from(predictions, (predicted, index) => ({
      index,
      actual: classes[index],
      predicted,
      certainty: probabilities[index * width + predicted],
      loss: -logs[index * width + classes[index]],
    }));
  });
}
