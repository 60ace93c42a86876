import type { Op } from "./op.ts";
import { save } from "./save.ts";
import {
  clearPadding,
  gateGradients,
  gateRows,
  type Lengths,
  project,
  rowsOf,
  withinLengths,
} from "./sequence.ts";

/**
 * h ← tanh(x·W + h·U + b) over a sequence. With z the sum inside, dz = (dy + dh)⊗(1 − h²) and dh ← dz·Uᵀ, step by step
 * backwards; then over all steps at once dU = Σ hᵀdz, and W, b and x as in `linear`.
 * Inputs: x [B, T, F], W [F, H], U [H, H], the initial h [B, H], perhaps b [H]. Output: every h, [B, T, H],
 * 0 behind a row's length.
 */
export const rnn: Op<Lengths> = {
  name: "rnn",
  overwritesSaved: true,
  forward([x, inputWeight, hiddenWeight, hidden, bias], lengths, saved) {
    const rows = gateRows(x, hidden, bias, lengths);
    const gates = project(rows, inputWeight, bias);
    const output = x.backend.rnn(gates, hiddenWeight, rows, x.shape[2]);
    clearPadding(output, lengths);
    save("rnn", saved, [rows, gates]);
    return output;
  },
  backward(gradient, [x, inputWeight, hiddenWeight], _output, lengths, [rows, gates]) {
    const dHidden = withinLengths(gradient, lengths, (upstream) =>
      x.backend.rnnGradient(upstream, gates, hiddenWeight),
    );
    const of = gateGradients(rowsOf(gates), x, rows, inputWeight, hiddenWeight);
    return [of.x, of.inputWeight, of.hiddenWeight, () => dHidden, of.bias];
  },
};
