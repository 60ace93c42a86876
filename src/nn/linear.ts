import { type Initializer, lecunUniform } from "../initializers/index.ts";
import { linear } from "../tensor/functions.ts";
import { Tensor } from "../tensor/tensor.ts";
import { absorbsActivation } from "./fusion.ts";
import { Module } from "./module.ts";
import { asParameter, checkSizes } from "./parameter.ts";

export interface LinearOptions {
  /** Add a bias, which starts at zero. Default true. */
  readonly bias?: boolean;
  /** Makes the first weights. Default `init.lecunUniform`. */
  readonly init?: Initializer;
}

/**
 * Fully connected layer: y = xW + b, `[N, in] → [N, out]`.
 *
 * `weight` is `[in, out]`, at first LeCun uniform on ±√(1/in), the range of PyTorch's own default; `bias` is
 * `[out]`, at first zero (PyTorch draws it too).
 *
 * @throws RangeError if a size is not an integer >= 1
 * @throws ShapeError in `forward` if the input is not `[N, in]`
 * @example
 * new nn.Linear(64, 10).forward(Tensor.zeros([5, 64])).shape; // [5, 10]
 */
export class Linear<I extends number = number, O extends number = number> extends Module {
  readonly inputSize: I;
  readonly outputSize: O;
  readonly weight: Tensor;
  readonly bias: Tensor | null;

  constructor(inputSize: I, outputSize: O, options: LinearOptions = {}) {
    super();
    checkSizes("Linear", { inputSize, outputSize });
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    const init = options.init ?? lecunUniform;
    this.weight = asParameter(init([inputSize, outputSize], { fanIn: inputSize, fanOut: outputSize }));
    this.bias = options.bias === false ? null : asParameter(Tensor.zeros([outputSize]));
  }

  forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias ?? undefined);
  }
}

absorbsActivation(
  Linear,
  (layer, activation) => (input) => linear(input, layer.weight, layer.bias ?? undefined, activation),
);
