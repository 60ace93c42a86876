import { type Initializer, lecunUniform } from "../initializers/index.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { asParameter, checkSizes } from "./parameter.ts";

export interface RecurrentOptions {
  /** Add a bias to every gate, which starts at zero. Default true. */
  readonly bias?: boolean;
  /** Makes the first input weights. Default `init.lecunUniform`. */
  readonly init?: Initializer;
  /** Makes the first recurrent weights. Default `init.lecunUniform`. */
  readonly hiddenInit?: Initializer;
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
    const { init = lecunUniform, hiddenInit = lecunUniform } = options;
    // Each gate is a layer of its own, so it is its outputs alone that an input feeds.
    const fanOut = hiddenSize;
    this.inputWeight = asParameter(init([inputSize, columns], { fanIn: inputSize, fanOut }));
    this.hiddenWeight = asParameter(hiddenInit([hiddenSize, columns], { fanIn: hiddenSize, fanOut }));
    this.bias = options.bias === false ? null : asParameter(Tensor.zeros([columns]));
  }
}
