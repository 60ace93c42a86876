import type { MakeArray, RawArray, RecurrenceBackend } from "../backend.ts";
import { pointerOf } from "./dispatch.ts";
import { type Job, jobs } from "./jobs.ts";
import { kernels, threads, tileColumns } from "./kernels.ts";

/** Columns of a packed panel: what one tile of the products spans. */
const PANEL = tileColumns;
/** Rows that go through the products together. */
const TILE_ROWS = 4;
/** Below so many multiplications waking other threads costs more than it saves. */
const PARALLEL_PRODUCT = 1 << 20;

export const recurrence = (make: MakeArray): RecurrenceBackend => {
  /** [K, N] in panels for the products: `count` columns of U from `first` on. */
  const pack = (weight: RawArray, first: number, count: number): RawArray => {
    const [size, columns] = weight.shape;
    const packed = make([size * padded(count)], weight.dtype);
    const at = pointerOf(weight) + first * 4;
    kernels.packPanels(PANEL, at, columns * 4, 4, size, count, pointerOf(packed));
    return packed;
  };
  /** The same columns of U as the rows of Uᵀ. */
  const packTransposed = (weight: RawArray, first: number, count: number): RawArray => {
    const [size, columns] = weight.shape;
    const packed = make([count * padded(size)], weight.dtype);
    const at = pointerOf(weight) + first * 4;
    kernels.packPanels(PANEL, at, 4, columns * 4, count, size, pointerOf(packed));
    return packed;
  };
  const zeros = (shape: readonly number[], like: RawArray): RawArray => {
    const array = make(shape, like.dtype);
    array.data.fill(0);
    return array;
  };
  /** The states before each step, of which the first is given and the run fills in the rest. */
  const beginning = (state: RawArray, times: number): RawArray => {
    const states = make([times, ...state.shape], state.dtype);
    states.data.set(state.data);
    return states;
  };

  return {
    rnn(gates, weight, hidden) {
      const { shape, dtype } = gates;
      const [times, batch, size] = shape;
      const output = make([batch, times, size], dtype);
      const before = beginning(hidden, times);
      const packed = pack(weight, 0, size);
      run("rnn", shape, weight, [gates, packed, output, before]);
      packed.release("rnn");
      return { output, before };
    },

    rnnGradient(gradient, gates, weight) {
      const [, batch, size] = gates.shape;
      const dHidden = zeros([batch, size], gates);
      const packed = packTransposed(weight, 0, size);
      run("rnnGradient", gates.shape, weight, [gates, packed, gradient, dHidden]);
      packed.release("rnnGradient");
      return dHidden;
    },

    gru(gates, weight, hidden) {
      const [times, batch] = gates.shape;
      const size = hidden.shape[1];
      const output = make([batch, times, size], gates.dtype);
      const before = beginning(hidden, times);
      const reset = make([times, batch, size], gates.dtype);
      const [packedGates, packed] = [pack(weight, 0, 2 * size), pack(weight, 2 * size, size)];
      run("gru", before.shape, weight, [gates, packedGates, packed, output, before, reset]);
      for (const array of [packedGates, packed]) array.release("gru");
      return { output, before, reset };
    },

    gruGradient(gradient, gates, weight, { before }) {
      const [, batch, size] = before.shape;
      const dHidden = zeros([batch, size], gates);
      const dReset = make([batch, size], gates.dtype);
      const packedGates = packTransposed(weight, 0, 2 * size);
      const packed = packTransposed(weight, 2 * size, size);
      const arrays = [gates, packedGates, packed, gradient, before, dHidden, dReset];
      run("gruGradient", before.shape, weight, arrays);
      for (const array of [packedGates, packed, dReset]) array.release("gruGradient");
      return dHidden;
    },

    lstm(gates, weight, hidden, cell) {
      const [times, batch] = gates.shape;
      const size = hidden.shape[1];
      const output = make([batch, times, size], gates.dtype);
      const [before, cellBefore] = [beginning(hidden, times), beginning(cell, times)];
      const cellAfter = make(cell.shape, cell.dtype);
      const cellTanh = make(before.shape, gates.dtype);
      const packed = pack(weight, 0, 4 * size);
      const arrays = [gates, packed, output, before, cellAfter, cellBefore, cellTanh];
      run("lstm", before.shape, weight, arrays);
      packed.release("lstm");
      return { output, before, cell: cellAfter, cellBefore, cellTanh };
    },

    lstmGradient(gradient, cellGradient, gates, weight, { cellBefore, cellTanh }) {
      const [, batch, size] = cellBefore.shape;
      const dHidden = zeros([batch, size], gates);
      const dCell = zeros([batch, size], gates);
      if (cellGradient) dCell.data.set(cellGradient.data);
      const packed = packTransposed(weight, 0, 4 * size);
      const arrays = [gates, packed, gradient, cellBefore, cellTanh, dHidden, dCell];
      run("lstmGradient", cellBefore.shape, weight, arrays);
      packed.release("lstmGradient");
      return { hidden: dHidden, cell: dCell };
    },
  };
};

const padded = (columns: number): number => Math.ceil(columns / PANEL) * PANEL;

/**
 * All rows in one group, or in groups of whole tiles that threads share: each takes its rows through every step. Two
 * groups a thread, where they are not too thin, let the other threads take over from one that the machine holds up.
 */
function run(job: Job, states: readonly number[], weight: RawArray, arrays: readonly RawArray[]): void {
  const [times, batch, size] = states;
  if (times * batch * size === 0) return;
  const tiles = (pieces: number): number => Math.ceil(batch / pieces / TILE_ROWS) * TILE_ROWS;
  const small = times * batch * weight.size < PARALLEL_PRODUCT;
  const pool = threads.threads;
  const group = small || pool === 1 ? batch : Math.min(tiles(pool), Math.max(2 * TILE_ROWS, tiles(2 * pool)));
  const args = [group, times, batch, size, PANEL, ...arrays.map(pointerOf)];
  threads.run(jobs[job], args, Math.ceil(batch / group));
}
