import { gru, type Recurrence, type SequenceOptions } from "../tensor/recurrence.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Recurrent, type RecurrentOptions } from "./recurrent.ts";

/**
 * Gated recurrent unit, along `[batch, time, in]`, giving every h, `[batch, time, hidden]`. Cho et al. 2014,
 * https://arxiv.org/abs/1406.1078, as the course writes it:
 *
 *     r = σ(xWr + hUr + br)        z = σ(xWz + hUz + bz)
 *     g = tanh(xWg + (r⊗h)Ug + bg)
 *     h ← h⊗z + g⊗(1−z)
 *
 * PyTorch resets after the product, g = tanh(xWg + bg + r⊗(hUg + b′g)), so its weights give other numbers here.
 *
 * `inputWeight` is `[in, 3 · hidden]`, at first LeCun uniform on ±√(1/in), and `hiddenWeight` `[hidden, 3 · hidden]`, at
 * first an orthogonal matrix for each gate, both with columns r, z, g; `bias` is `[3 · hidden]`, at first zero.
 *
 * `layers: n` stacks n of them, with `dropout` between them in training; states are then `[n, batch, hidden]`, as in
 * PyTorch. `forward(x, { state, lengths })` goes on from a state, and takes sequences that are shorter than others.
 *
 * @throws RangeError if a size or the number of layers is not an integer >= 1
 * @throws ShapeError in `forward` if the input is not `[batch, time >= 1, in]` or the state not `[batch, hidden]`
 * @throws RangeError in `forward` if a length is not an integer from 1 to time
 * @example
 * new nn.GRU(3, 8).forward(Tensor.zeros([2, 5, 3])).output.shape; // [2, 5, 8]
 */
export class GRU<I extends number = number, H extends number = number> extends Recurrent<Tensor, I, H> {
  constructor(inputSize: I, hiddenSize: H, options: RecurrentOptions = {}) {
    super("GRU", 3, inputSize, hiddenSize, options, (single) => new GRU(hiddenSize, hiddenSize, single));
  }

  protected override run(input: Tensor, options: SequenceOptions<Tensor>): Recurrence<Tensor> {
    return gru(input, this, options);
  }
}
