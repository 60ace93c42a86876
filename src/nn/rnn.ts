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
 * `layers: n` stacks n of them, with `dropout` between them in training; states are then `[n, batch, hidden]`, as in
 * PyTorch. `forward(x, { state, lengths })` goes on from a state, and takes sequences that are shorter than others.
 *
 * @throws RangeError if a size or the number of layers is not an integer >= 1
 * @throws ShapeError in `forward` if the input is not `[batch, time >= 1, in]` or the state not `[batch, hidden]`
 * @throws RangeError in `forward` if a length is not an integer from 1 to time
 * @example
 * const layer = new nn.RNN(3, 8);
 * const { output, state } = layer.forward(Tensor.zeros([2, 5, 3]));
 * output.shape; // [2, 5, 8]
 * layer.forward(Tensor.zeros([2, 5, 3]), { state: nn.detach(state) }).state.shape; // [2, 8]
 */
export class RNN<I extends number = number, H extends number = number> extends Recurrent<Tensor, I, H> {
  constructor(inputSize: I, hiddenSize: H, options: RecurrentOptions = {}) {
    super("RNN", 1, inputSize, hiddenSize, options, (single) => new RNN(hiddenSize, hiddenSize, single));
  }

  protected override run(input: Tensor, options: SequenceOptions<Tensor>): Recurrence<Tensor> {
    return rnn(input, this, options);
  }
}
