import type { RawArray } from "../backend/backend.ts";
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
 * Gates r = σ(x·Wr + h·Ur + br) and z = σ(x·Wz + h·Uz + bz), candidate g = tanh(x·Wg + (r⊗h)·Ug + bg), and
 * h ← h⊗z + g⊗(1−z), over a sequence. (PyTorch resets after the product: g = tanh(x·Wg + bg + r⊗(h·Ug + b′g)).)
 * Backwards, with d the gradient of h: dz = d⊗(h − g), dg = d⊗(1−z), d(r⊗h) = dg′·Ugᵀ where ′ is the gradient of the
 * sum inside, dr = d(r⊗h)⊗h, and the step before receives d⊗z + d(r⊗h)⊗r + [dr′, dz′]·[Ur, Uz]ᵀ.
 * Inputs: x [B, T, F], W [F, 3H], U [H, 3H] with gates in the order r, z, g, the initial h [B, H], perhaps b [3H].
 * Output: every h, [B, T, H], 0 behind a row's length.
 */
export const gru: Op<Lengths> = {
  name: "gru",
  overwritesSaved: true,
  forward([x, inputWeight, hiddenWeight, hidden, bias], lengths, saved) {
    const rows = gateRows(x, hidden, bias, lengths);
    const gates = project(rows, inputWeight, bias);
    const { output, reset } = x.backend.gru(gates, hiddenWeight, rows, x.shape[2]);
    clearPadding(output, lengths);
    save("gru", saved, [rows, gates, reset]);
    return output;
  },
  backward(gradient, [x, inputWeight, hiddenWeight], _output, lengths, [rows, gates, reset]) {
    const dHidden = withinLengths(gradient, lengths, (upstream) =>
      x.backend.gruGradient(upstream, gates, hiddenWeight, rows, x.shape[2]),
    );
    const dz = rowsOf(gates);
    const of = gateGradients(dz, x, rows, inputWeight, hiddenWeight);
    const dHiddenWeight = () => ofReset(of.hiddenWeight(), dz, rowsOf(reset));
    return [of.x, of.inputWeight, dHiddenWeight, () => dHidden, of.bias];
  },
};

/** The columns of g were multiplied by r⊗h in place of h. */
function ofReset(dWeight: RawArray, dz: RawArray, reset: RawArray): RawArray {
  const { backend } = dz;
  const [rows, size] = reset.shape;
  const place = { strides: [3 * size, 1], offset: 2 * size };
  const dCandidate = backend.gather(dz, { shape: [rows, size], ...place });
  backend.write(backend.matmul(reset, dCandidate, true, false), { shape: [size, size], ...place }, dWeight);
  return dWeight;
}
