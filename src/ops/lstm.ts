import type { LstmRun, RawArray } from "../backend/backend.ts";
import type { Op } from "./op.ts";
import { filled } from "./scalar.ts";
import { save } from "./save.ts";
import {
  clearPadding,
  fillPaddedSteps,
  type Lengths,
  gateGradients,
  gateRows,
  project,
  rowsOf,
  withinLengths,
} from "./sequence.ts";

/** The second result of an `lstm`, its last cell state, and the gradient that came back to it. */
export interface LastCell {
  readonly lengths?: Lengths;
  state?: RawArray;
  gradient?: RawArray;
}

/**
 * Gates i, f, o = σ(x·W + h·U + b) and g = tanh(x·W + h·U + b), each with columns of its own, c ← c⊗f + g⊗i and
 * h ← tanh(c)⊗o, over a sequence. Backwards, with d the gradient of h: do = d⊗tanh(c), the cell's gradient grows by
 * d⊗o⊗(1 − tanh²(c)) to e, and di = e⊗g, dg = e⊗i, df = e⊗c₋₁; the step before receives e⊗f for its cell and the
 * gradients of the sums inside the gates times Uᵀ for its h.
 * Inputs: x [B, T, F], W [F, 4H], U [H, 4H] with gates in the order i, f, g, o, the initial h and c [B, H], perhaps
 * b [4H]. Output: every h, [B, T, H], 0 behind a row's length; the c after a row's own last step comes from
 * `lastCell`.
 */
export const lstm: Op<LastCell> = {
  name: "lstm",
  overwritesSaved: true,
  forward([x, inputWeight, hiddenWeight, hidden, cell, bias], last, saved) {
    const { lengths } = last;
    const rows = gateRows(x, hidden, bias, lengths);
    const gates = project(rows, inputWeight, bias);
    const run = x.backend.lstm(gates, hiddenWeight, rows, x.shape[2], cell);
    last.state = run.cell;
    if (lengths) {
      clearPadding(run.output, lengths);
      takeCellsAt(lengths, run);
      if (saved) passOverPadding(lengths, gates, run.cellTanh);
    }
    save("lstm", saved, [rows, gates, run.cellBefore, run.cellTanh]);
    return run.output;
  },
  backward(gradient, [x, inputWeight, hiddenWeight], _output, last, saved) {
    const [rows, gates, cellBefore, cellTanh] = saved;
    const run = { cellBefore, cellTanh };
    const initial = withinLengths(gradient, last.lengths, (upstream) =>
      x.backend.lstmGradient(upstream, last.gradient, gates, hiddenWeight, run),
    );
    const of = gateGradients(rowsOf(gates), x, rows, inputWeight, hiddenWeight);
    return [of.x, of.inputWeight, of.hiddenWeight, () => initial.hidden, () => initial.cell, of.bias];
  },
};

/** The cell of a row that ended early is the one before its first padded step. */
function takeCellsAt(lengths: Int32Array, { cell, cellBefore }: LstmRun): void {
  const [times, batch, size] = cellBefore.shape;
  const [from, to] = [cellBefore.data, cell.data];
  lengths.forEach((length, row) => {
    if (length === times) return;
    const start = (length * batch + row) * size;
    to.set(from.subarray(start, start + size), row * size);
  });
}

/**
 * As if the padded steps had kept the cell, f = 1, and let nothing in or out, i = g = o = 0: so its gradient comes back
 * to a row's own last step as it is, and leaves none on the way.
 */
function passOverPadding(lengths: Int32Array, gates: RawArray, cellTanh: RawArray): void {
  const size = cellTanh.shape[2];
  fillPaddedSteps(gates, lengths, 0, 0, 4 * size);
  fillPaddedSteps(gates, lengths, 1, size, size);
  fillPaddedSteps(cellTanh, lengths, 0, 0, size);
}

/**
 * The last cell state of the `lstm` whose output is the input here. Its gradient waits for the `lstm`'s own backward,
 * which always comes later; the hidden states receive none by this way.
 */
export const lastCell: Op<LastCell> = {
  name: "lastCell",
  forward: (_inputs, last) => last.state!,
  backward: (gradient, [output], _state, last) => [
    () => {
      last.gradient = gradient;
      return filled(gradient, output.shape, 0);
    },
  ],
};
