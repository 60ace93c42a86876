import { type Initializer, lecunUniform, orthogonal, zeros } from "../initializers/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { asParameter, checkSizes } from "./parameter.ts";

export interface RecurrentOptions {
  /** Add a bias to every gate. Default true. */
  readonly bias?: boolean;
  /** Makes the first input weights. Default `init.lecunUniform`. */
  readonly init?: Initializer;
  /** Makes the first recurrent weights. Default `init.orthogonal`, gate by gate. */
  readonly hiddenInit?: Initializer;
  /** Makes the first bias, all gates side by side. Default `init.zeros`; for `LSTM`, `init.forgetBias(1)`. */
  readonly biasInit?: Initializer;
}

/** What `RNN`, `GRU` and `LSTM` share: sizes and parameters, the gates side by side in their columns. */
export abstract class Recurrent<I extends number = number, H extends number = number> extends Module {
  readonly inputSize: I;
  readonly hiddenSize: H;
  /** `[inputSize, gates · hiddenSize]` */
  readonly inputWeight: Tensor;
  /** `[hiddenSize, gates · hiddenSize]` */
  readonly hiddenWeight: Tensor;
  /** `[gates · hiddenSize]` */
  readonly bias: Tensor | null;

  constructor(name: string, gates: number, inputSize: I, hiddenSize: H, options: RecurrentOptions) {
    super();
    checkSizes(name, { inputSize, hiddenSize });
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
  }
}
