import { ignoredLabel } from "../losses/ignoredLabel.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkIndices } from "./checkIndices.ts";
import type { Batch, Dataset } from "./dataset.ts";
import { Vocabulary } from "./vocabulary.ts";

export interface TextDatasetOptions {
  /**
   * A character that begins and ends every text, number 0 of the vocabulary, which no text may hold: a model learns
   * from it how texts begin and where they end. Default null: none.
   */
  readonly boundary?: string | null;
}

/**
 * Texts, for a model that predicts the next character: the inputs are the characters of a text, each label the
 * character that follows.
 *
 * A batch is as wide as its longest text: inputs and labels int32 `[n, T]`, `lengths` int32 `[n]`. Beyond a text's length
 * inputs are 0 and labels −100, which `losses.crossEntropy` and `train.accuracy` leave out.
 *
 * @throws TypeError if a text is too short to have a next character, or the boundary is no character of its own
 * @example
 * const hello = new data.TextDataset(["hello"]);
 * const { inputs, labels } = hello.batch([0]);
 * hello.vocabulary.decode(inputs.data); // "hell"
 * hello.vocabulary.decode(labels.data); // "ello"
 */
export class TextDataset implements Dataset {
  readonly texts: readonly string[];
  readonly vocabulary: Vocabulary;
  readonly boundary: string | null;
  readonly #encoded: readonly Int32Array[];

  constructor(texts: readonly string[], { boundary = null }: TextDatasetOptions = {}) {
    if (boundary !== null && [...boundary].length !== 1) {
      throw new TypeError(`TextDataset: boundary must be one character, got ${JSON.stringify(boundary)}`);
    }
    this.texts = texts;
    this.boundary = boundary;
    const edge = boundary ?? "";
    this.vocabulary = new Vocabulary(texts, boundary === null ? [] : [boundary]);
    this.#encoded = texts.map((text, index) => {
      if (boundary !== null && text.includes(boundary)) {
        throw new TypeError(
          `TextDataset: text ${index} holds the boundary ${JSON.stringify(boundary)}: ${JSON.stringify(text.slice(0, 40))}`,
        );
      }
      const encoded = this.vocabulary.encode(edge + text + edge);
      if (encoded.length < 2) {
        throw new TypeError(
          `TextDataset: text ${index} has ${encoded.length} characters; the next one needs two`,
        );
      }
      return encoded;
    });
  }

  get length(): number {
    return this.texts.length;
  }

  /** @throws RangeError if there is no text at one of the indices */
  batch(indices: ArrayLike<number>): Batch {
    checkIndices("batch", indices, this.length);
    const chosen = Array.from(indices, (index) => this.#encoded[index]);
    const lengths = Int32Array.from(chosen, (text) => text.length - 1);
    const width = lengths.reduce((longest, length) => Math.max(longest, length), 0);
    const inputs = new Int32Array(chosen.length * width);
    const labels = new Int32Array(chosen.length * width).fill(ignoredLabel);
    chosen.forEach((text, row) => {
      inputs.set(text.subarray(0, -1), row * width);
      labels.set(text.subarray(1), row * width);
    });
    const shape = [chosen.length, width];
    return {
      inputs: Tensor.from(inputs, shape),
      labels: Tensor.from(labels, shape),
      lengths: Tensor.from(lengths, [chosen.length]),
      size: chosen.length,
    };
  }
}
