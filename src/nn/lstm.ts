import { forgetBias } from "../initializers/index.ts";
import { lstm, type LSTMState, type Recurrence, type SequenceOptions } from "../tensor/recurrence.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Recurrent, type RecurrentOptions } from "./recurrent.ts";

/**
 * Long short-term memory, along `[batch, time, in]`, giving every h, `[batch, time, hidden]`. Hochreiter & Schmidhuber
 * 1997, https://doi.org/10.1162/neco.1997.9.8.1735, with the forget gate of Gers et al. 2000:
 *
 *     i = σ(xWi + hUi + bi)    f = σ(xWf + hUf + bf)    o = σ(xWo + hUo + bo)
 *     g = tanh(xWg + hUg + bg)
 *     c ← c⊗f + g⊗i            h ← tanh(c)⊗o
 *
 * `inputWeight` is `[in, 4 · hidden]`, at first LeCun uniform on ±√(1/in), and `hiddenWeight` `[hidden, 4 · hidden]`, at
 * first an orthogonal matrix for each gate, both with columns i, f, g, o as in PyTorch's rows. `bias` is `[4 · hidden]`, at
 * first zero, and 1 in the forget gate, as in Keras: σ(1) = 0.73 of the cell is kept from step to step where σ(0) would
 * halve it (Jozefowicz et al. 2015). PyTorch draws two biases around 0, which only ever act as their sum;
 * `{ biasInit: init.zeros }` starts there.
 *
 * `layers: n` stacks n of them, with `dropout` between them in training; states are then `[n, batch, hidden]`, as in
 * PyTorch. `forward(x, { state, lengths })` goes on from a state, and takes sequences that are shorter than others.
 *
 * @throws RangeError if a size or the number of layers is not an integer >= 1
 * @throws ShapeError in `forward` if the input is not `[batch, time >= 1, in]` or a state not `[batch, hidden]`
 * @throws RangeError in `forward` if a length is not an integer from 1 to time
 * @example
 * const layer = new nn.LSTM(3, 8);
 * const { output, state } = layer.forward(Tensor.zeros([2, 5, 3]));
 * output.shape; // [2, 5, 8]
 * // The next piece of the sequence, with gradients cut off between the two:
 * layer.forward(Tensor.zeros([2, 5, 3]), { state: nn.detach(state) }).state.cell.shape; // [2, 8]
 */
export class LSTM<I extends number = number, H extends number = number> extends Recurrent<LSTMState, I, H> {
  constructor(inputSize: I, hiddenSize: H, options: RecurrentOptions = {}) {
    const given = { biasInit: forgetBias(1), ...options };
    super("LSTM", 4, inputSize, hiddenSize, given, (single) => new LSTM(hiddenSize, hiddenSize, single));
  }

  protected override run(input: Tensor, options: SequenceOptions<LSTMState>): Recurrence<LSTMState> {
    return lstm(input, this, options);
  }
}
