import type { Tensor } from "../tensor/tensor.ts";
import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { htmlTable, textTable } from "../util/table.ts";
import { percent } from "./history.ts";
import { classesOf, type Labels } from "./labels.ts";

export interface ConfusionMatrixOptions {
  /** Names of the classes, in order: `digits.classNames`. Default: their numbers. */
  readonly classNames?: readonly string[];
}

/** How often each class was taken for each: rows are what examples are, columns what they were taken for. */
export class ConfusionMatrix implements Displayable {
  readonly counts: readonly (readonly number[])[];
  readonly classNames: readonly string[];

  constructor(counts: readonly (readonly number[])[], classNames: readonly string[]) {
    this.counts = counts;
    this.classNames = classNames;
  }

  /** The number of examples. */
  get total(): number {
    return sum(this.counts.flat());
  }

  /** The fraction on the diagonal. */
  get accuracy(): number {
    return sum(this.counts.map((row, actual) => row[actual])) / this.total;
  }

  /** For each class, the fraction of what was taken for it that is of it; NaN where nothing was. */
  get precision(): number[] {
    return this.counts.map((row, one) => row[one] / sum(this.counts.map((each) => each[one])));
  }

  /** For each class, the fraction of its examples that was taken for it; NaN where it has none. */
  get recall(): number[] {
    return this.counts.map((row, one) => row[one] / sum(row));
  }

  toString(): string {
    return `${textTable(this.#cells(), this.#numbers)}\n${this.#caption}`;
  }

  [jupyterDisplay](): MimeBundle {
    return {
      "text/html": `${htmlTable(this.#cells(), this.#numbers)}<p>${this.#caption}</p>`,
      "text/plain": this.toString(),
    };
  }

  [Symbol.for("nodejs.util.inspect.custom") as never](): string {
    return this.toString();
  }

  get #caption(): string {
    return `rows: actual class, columns: predicted class; accuracy ${percent(this.accuracy)} of ${this.total}`;
  }

  get #numbers(): { right: string } {
    return { right: this.classNames.join(",") };
  }

  #cells(): string[][] {
    return [
      ["actual", ...this.classNames],
      ...this.counts.map((row, actual) => [this.classNames[actual], ...row.map(String)]),
    ];
  }
}

/**
 * Count which class was taken for which.
 *
 * @param prediction logits or probabilities `[N, C]`, or logits `[N, 1]` of two classes
 * @param labels N class indices, or one-hot `[N, C]`
 * @throws ShapeError if prediction is not `[N, C]` or the labels do not fit it
 * @throws RangeError if a label is no class, or the names are not as many as the classes
 * @example
 * train.confusionMatrix(train.predict(model, heldOut), heldOut.classes).recall;
 */
export function confusionMatrix(
  prediction: Tensor,
  labels: Labels,
  options: ConfusionMatrixOptions = {},
): ConfusionMatrix {
  const { predicted, actual } = classesOf("confusionMatrix", prediction, labels);
  const classes = Math.max(2, prediction.size(-1));
  const { classNames = Array.from({ length: classes }, (_, index) => String(index)) } = options;
  if (classNames.length !== classes)
    throw new RangeError(`confusionMatrix: ${classNames.length} class names for ${classes} classes`);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let index = 0; index < predicted.length; index++) {
    const label = actual[index];
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new RangeError(
        `confusionMatrix: label ${label} at index ${index} is none of ${classes} classes; use 0 to ${classes - 1}`,
      );
    counts[label][predicted[index]]++;
  }
  return new ConfusionMatrix(counts, classNames);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
