import type { Module } from "../nn/index.ts";
import { inEvaluation } from "../nn/observe.ts";
import { defaultGenerator, type Generator } from "../random/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import { exp } from "../util/math.ts";
import { CarriedState } from "./carriedState.ts";
import { forward } from "./forward.ts";
import { checkCount } from "./monitor.ts";

export interface GenerateOptions {
  /** Class indices that the model reads first, one or more: `[0]` for a boundary, or the beginning of a text. */
  readonly start: ArrayLike<number>;
  /** At most so many new ones. */
  readonly length: number;
  /** The class that ends a sequence; it is not part of the answer. Default: none does. */
  readonly end?: number;
  /**
   * τ: the next class is drawn from softmax(z / τ). 1 is what the model believes, smaller is surer and more alike, greater
   * more daring, and 0 always the likeliest class. Default 1.
   */
  readonly temperature?: number;
  /** The state that the model starts from, such as an encoder's. Default: its own beginning. */
  readonly state?: unknown;
  /** Drawn from. Default: the generator that `random.seed` seeds. */
  readonly generator?: Generator;
}

/**
 * Let a recurrent model continue a sequence of class indices, such as characters: it reads what is there, a next class is
 * drawn from the softmax of its last output and read in turn, and so on.
 *
 * The model takes `forward(indices [1, T], { state })` and answers `{ output [1, T, C], state }`, with output as logits. It
 * runs in evaluation mode, without gradients; modes are put back afterwards.
 *
 * @returns the new indices, int32: `vocabulary.decode` makes text of them
 * @throws RangeError if there is no start, length is not an integer >= 1, or temperature is negative
 * @throws TypeError if the model returns no state
 * @example
 * const name = train.generate(model, { start: [0], end: 0, length: 20, temperature: 0.8 });
 * names.vocabulary.decode(name);
 */
export function generate(model: Module, options: GenerateOptions): Int32Array {
  const { start, length, end, temperature = 1, state, generator = defaultGenerator() } = options;
  checkCount("generate", "length", length);
  if (!(start.length >= 1))
    throw new RangeError("generate: start is empty; give the model one index or more to read first");
  if (!(temperature >= 0)) throw new RangeError(`generate: temperature must be >= 0, got ${temperature}`);
  const carried = new CarriedState("generate");
  const read = (indices: ArrayLike<number>, from: unknown): Float64Array =>
    Tensor.scope(() => {
      const input = Tensor.from(Int32Array.from(indices), [1, indices.length]);
      const { prediction, state: reached } = forward(model, input, { state: from });
      carried.next = reached;
      carried.advance();
      return Float64Array.from(prediction.raw.data.subarray(-prediction.size(-1)));
    });
  const made: number[] = [];
  inEvaluation(model, () =>
    Tensor.noGrad(() => {
      try {
        let logits = read(start, state);
        for (;;) {
          const chosen = choose(logits, temperature, generator);
          if (chosen === end) break;
          made.push(chosen);
          if (made.length === length) break;
          logits = read([chosen], carried.state);
        }
      } finally {
        carried.dispose();
      }
    }),
  );
  return Int32Array.from(made);
}

/** With the greatest logit subtracted, no exponential overflows, however small τ is. */
function choose(logits: Float64Array, temperature: number, generator: Generator): number {
  const greatest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  if (temperature === 0) return logits.indexOf(greatest);
  return generator.categorical(logits.map((logit) => exp((logit - greatest) / temperature)));
}
