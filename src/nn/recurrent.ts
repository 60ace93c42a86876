import { type Initializer, lecunUniform, orthogonal, zeros } from "../initializers/index.ts";
import type { Recurrence, SequenceOptions } from "../tensor/recurrence.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Dropout } from "./dropout.ts";
import { stackStates, statesOfLayers } from "./layerStates.ts";
import { Module } from "./module.ts";
import { asParameter, checkSizes } from "./parameter.ts";

export interface RecurrentOptions {
  /** Layers, each reading the output of the one below. Default 1. */
  readonly layers?: number;
  /** Dropout between layers, the probability to drop. Default 0. */
  readonly dropout?: number;
  /** Add a bias to every gate. Default true. */
  readonly bias?: boolean;
  /** Makes the first input weights. Default `init.lecunUniform`. */
  readonly init?: Initializer;
  /** Makes the first recurrent weights. Default `init.orthogonal`, gate by gate. */
  readonly hiddenInit?: Initializer;
  /** Makes the first bias, all gates side by side. Default `init.zeros`; for `LSTM`, `init.forgetBias(1)`. */
  readonly biasInit?: Initializer;
}

/** What `RNN`, `GRU` and `LSTM` share: sizes, parameters with the gates side by side in their columns, and stacking. */
export abstract class Recurrent<State, I extends number = number, H extends number = number> extends Module {
  readonly inputSize: I;
  readonly hiddenSize: H;
  /** `[inputSize, gates · hiddenSize]` */
  readonly inputWeight: Tensor;
  /** `[hiddenSize, gates · hiddenSize]` */
  readonly hiddenWeight: Tensor;
  /** `[gates · hiddenSize]` */
  readonly bias: Tensor | null;
  /** The layers stacked on this one: `"above.0.inputWeight"` is a parameter of the second. */
  readonly above: readonly Recurrent<State>[];
  /** What the output of a layer goes through on its way to the one above. */
  readonly dropout: Dropout | null;

  /** @param another makes a single layer like this one, for its place above it */
  constructor(
    name: string,
    gates: number,
    inputSize: I,
    hiddenSize: H,
    options: RecurrentOptions,
    another: (options: RecurrentOptions) => Recurrent<State>,
  ) {
    super();
    const { layers = 1, dropout = 0 } = options;
    checkSizes(name, { inputSize, hiddenSize, layers });
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    const columns = gates * hiddenSize;
    const { init = lecunUniform, hiddenInit = orthogonal, biasInit = zeros } = options;
    // Each gate is a layer of its own, so it is its outputs alone that an input feeds.
    const fanOut = hiddenSize;
    const fansOfGate = { fanIn: hiddenSize, fanOut };
    this.inputWeight = asParameter(init([inputSize, columns], { fanIn: inputSize, fanOut }));
    this.hiddenWeight = asParameter(hiddenInit([hiddenSize, columns], fansOfGate));
    this.bias = options.bias === false ? null : asParameter(biasInit([columns], fansOfGate));
    const single = { ...options, layers: 1, dropout: 0 };
    this.above = Array.from({ length: layers - 1 }, () => another(single));
    this.dropout = layers > 1 && dropout > 0 ? new Dropout(dropout) : null;
  }

  /**
   * The output is that of the topmost layer. States start from zeros or from `options.state`, and are `[batch, hidden]`;
   * with several layers `[layers, batch, hidden]`, the lowest first.
   */
  forward(input: Tensor, options: SequenceOptions<State> = {}): Recurrence<State> {
    if (options instanceof Tensor || "hidden" in options)
      throw new TypeError(
        `${this.constructor.name}: the second argument is { state, lengths }; write forward(x, { state })`,
      );
    if (this.above.length === 0) return this.run(input, options);
    const { state, lengths } = options;
    const layers = this.above.length + 1;
    const initial = state === undefined ? [] : statesOfLayers(this.constructor.name, state, layers);
    let last = this.run(input, { state: initial[0], lengths });
    const reached = [last.state];
    for (const [index, layer] of this.above.entries()) {
      const below = this.dropout ? this.dropout.forward(last.output) : last.output;
      last = layer.forward(below, { state: initial[index + 1], lengths });
      reached.push(last.state);
    }
    return { output: last.output, state: stackStates(reached) };
  }

  /** This layer alone, without those above. */
  protected abstract run(input: Tensor, options: SequenceOptions<State>): Recurrence<State>;
}
