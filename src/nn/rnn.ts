import { type Recurrence, rnn, type SequenceOptions } from "../tensor/recurrence.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Recurrent, type RecurrentOptions } from "./recurrent.ts";

/**
 * Plain recurrent layer: h ← tanh(xW + hU + b) along `[batch, time, in]`, giving every h, `[batch, time, hidden]`.
 *
 * `inputWeight` W is `[in, hidden]`, at first LeCun uniform on ±√(1/in); `hiddenWeight` U is `[hidden, hidden]`, at
 * first orthogonal, as in Keras; `bias` is `[hidden]`, at first zero. PyTorch keeps two biases, which only ever act as their sum, and
 * its weights transposed; its `batch_first=True` has our shapes.
 *
 * @throws RangeError if a size is not an integer >= 1
 * @throws ShapeError in `forward` if the input is not `[batch, time >= 1, in]` or the state not `[batch, hidden]`
 * @throws RangeError in `forward` if a length is not an integer from 1 to time
 * @example
 * const layer = new nn.RNN(3, 8);
 * const { output, state } = layer.forward(Tensor.zeros([2, 5, 3]));
 * output.shape; // [2, 5, 8]
 * layer.forward(Tensor.zeros([2, 5, 3]), { state: state.detach() }).state.shape; // [2, 8]
 */
export class RNN<I extends number = number, H extends number = number> extends Recurrent<I, H> {
  constructor(inputSize: I, hiddenSize: H, options: RecurrentOptions = {}) {
    super("RNN", 1, inputSize, hiddenSize, options);
  }

  /** The state is the last h `[batch, hidden]`, and starts from zeros or from `options.state`. */
  forward(input: Tensor, options: SequenceOptions<Tensor> = {}): Recurrence<Tensor> {
    return rnn(input, this, options);
  }
}
