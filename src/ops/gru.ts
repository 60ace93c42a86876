import type { RawArray } from "../backend/backend.ts";
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
 * Gates r = σ(x·Wr + h·Ur + br) and z = σ(x·Wz + h·Uz + bz), candidate g = tanh(x·Wg + (r⊗h)·Ug + bg), and
 * h ← h⊗z + g⊗(1−z), over a sequence. (PyTorch resets after the product: g = tanh(x·Wg + bg + r⊗(h·Ug + b′g)).)
 * Backwards, with d the gradient of h: dz = d⊗(h − g), dg = d⊗(1−z), d(r⊗h) = dg′·Ugᵀ where ′ is the gradient of the
 * sum inside, dr = d(r⊗h)⊗h, and the step before receives d⊗z + d(r⊗h)⊗r + [dr′, dz′]·[Ur, Uz]ᵀ.
 * Inputs: x [B, T, F], W [F, 3H], U [H, 3H] with gates in the order r, z, g, the initial h [B, H], perhaps b [3H].
 * Output: every h, [B, T, H], 0 behind a row's length.
 */
export const gru: Op<Lengths> = {
  name: "gru",
  forward([x, inputWeight, hiddenWeight, hidden, bias], lengths, saved) {
    const steps = timeMajor(x, lengths);
    const gates = project(x, steps, inputWeight, bias);
    const { output, before, reset } = x.backend.gru(gates, hiddenWeight, hidden);
    clearPadding(output, lengths);
    save("gru", saved, [steps, gates, before, reset]);
    return output;
  },
  backward(gradient, [x, inputWeight, hiddenWeight, , bias], _output, lengths, saved) {
    const [steps, gates, before, reset] = saved;
    const dHidden = withinLengths(gradient, lengths, (upstream) =>
      x.backend.gruGradient(upstream, gates, hiddenWeight, { before }),
    );
    const dz = rowsOf(gates);
    const input = projectionGradients(dz, x, steps, inputWeight, bias);
    const dHiddenWeight = () => hiddenWeightGradient(dz, rowsOf(before), rowsOf(reset));
    return [input.x, input.weight, dHiddenWeight, () => dHidden, input.bias];
  },
};

/** The columns of r and z were multiplied by h, those of g by r⊗h. */
function hiddenWeightGradient(dz: RawArray, before: RawArray, reset: RawArray): RawArray {
  const { backend } = dz;
  const [rows, size] = before.shape;
  const columns = (first: number, count: number): RawArray =>
    backend.gather(dz, { shape: [rows, count], strides: [3 * size, 1], offset: first });
  const dWeight = backend.empty([size, 3 * size], dz.dtype);
  const write = (part: RawArray, offset: number): void =>
    backend.write(part, { shape: part.shape, strides: [3 * size, 1], offset }, dWeight);
  write(backend.matmul(before, columns(0, 2 * size), true, false), 0);
  write(backend.matmul(reset, columns(2 * size, size), true, false), 2 * size);
  return dWeight;
}
