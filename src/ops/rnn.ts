import type { Op } from "./op.ts";
import {
  clearPadding,
  type Lengths,
  project,
  projectionGradients,
  rowsOf,
  save,
  timeMajor,
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
  forward([x, inputWeight, hiddenWeight, hidden, bias], lengths, saved) {
    const steps = timeMajor(x, lengths);
    const gates = project(x, steps, inputWeight, bias);
    const { output, before } = x.backend.rnn(gates, hiddenWeight, hidden);
    clearPadding(output, lengths);
    save("rnn", saved, [steps, gates, before]);
    return output;
  },
  backward(gradient, [x, inputWeight, hiddenWeight, , bias], _output, lengths, [steps, gates, before]) {
    const { backend } = x;
    const dHidden = withinLengths(gradient, lengths, (upstream) =>
      backend.rnnGradient(upstream, gates, hiddenWeight),
    );
    const dz = rowsOf(gates);
    const input = projectionGradients(dz, x, steps, inputWeight, bias);
    const dHiddenWeight = () => backend.matmul(rowsOf(before), dz, true, false);
    return [input.x, input.weight, dHiddenWeight, () => dHidden, input.bias];
  },
};
