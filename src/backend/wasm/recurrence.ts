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
  /** The cell states before each step, of which the first is given and the run fills in the rest. */
  const beginning = (state: RawArray, times: number): RawArray => {
    const states = make([times, ...state.shape], state.dtype);
    states.data.set(state.data);
    return states;
  };

  return {
    rnn(gates, weight, rows, first) {
      const { shape, dtype } = gates;
      const [times, batch, size] = shape;
      const output = make([batch, times, size], dtype);
      const packed = pack(weight, 0, size);
      run("rnn", shape, weight, [gates, packed, output], columnsOf(rows, first));
      packed.release("rnn");
      return output;
    },

    rnnGradient(gradient, gates, weight) {
      const [, batch, size] = gates.shape;
      const dHidden = zeros([batch, size], gates);
      const packed = packTransposed(weight, 0, size);
      run("rnnGradient", gates.shape, weight, [gates, packed, gradient, dHidden]);
      packed.release("rnnGradient");
      return dHidden;
    },

    gru(gates, weight, rows, first) {
      const [times, batch] = gates.shape;
      const size = weight.shape[0];
      const output = make([batch, times, size], gates.dtype);
      const reset = make([times, batch, size], gates.dtype);
      const [packedGates, packed] = [pack(weight, 0, 2 * size), pack(weight, 2 * size, size)];
      const arrays = [gates, packedGates, packed, output, reset];
      run("gru", reset.shape, weight, arrays, columnsOf(rows, first));
      for (const array of [packedGates, packed]) array.release("gru");
      return { output, reset };
    },

    gruGradient(gradient, gates, weight, rows, first) {
      const [times, batch] = gates.shape;
      const size = weight.shape[0];
      const dHidden = zeros([batch, size], gates);
      const dReset = make([batch, size], gates.dtype);
      const packedGates = packTransposed(weight, 0, 2 * size);
      const packed = packTransposed(weight, 2 * size, size);
      const arrays = [gates, packedGates, packed, gradient, dHidden, dReset];
      run("gruGradient", [times, batch, size], weight, arrays, columnsOf(rows, first));
      for (const array of [packedGates, packed, dReset]) array.release("gruGradient");
      return dHidden;
    },

    lstm(gates, weight, rows, first, cell) {
      const [times, batch] = gates.shape;
      const size = cell.shape[1];
      const output = make([batch, times, size], gates.dtype);
      const cellBefore = beginning(cell, times);
      const cellAfter = make(cell.shape, cell.dtype);
      const cellTanh = make(cellBefore.shape, gates.dtype);
      const packed = pack(weight, 0, 4 * size);
      const arrays = [gates, packed, output, cellAfter, cellBefore, cellTanh];
      run("lstm", cellBefore.shape, weight, arrays, columnsOf(rows, first));
      packed.release("lstm");
      return { output, cell: cellAfter, cellBefore, cellTanh };
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

/** Where columns of rows begin, and how many bytes lie between two rows. */
const columnsOf = (rows: RawArray, first: number): number[] => [
  pointerOf(rows) + first * 4,
  rows.shape[2] * 4,
];

const padded = (columns: number): number => Math.ceil(columns / PANEL) * PANEL;

/**
 * All rows in one group, or in groups of whole tiles that threads share: each takes its rows through every step. Two
 * groups a thread, where they are not too thin, let the other threads take over from one that the machine holds up.
 */
function run(
  job: Job,
  states: readonly number[],
  weight: RawArray,
  arrays: readonly RawArray[],
  hidden: readonly number[] = [],
): void {
  const [times, batch, size] = states;
  if (times * batch * size === 0) return;
  const tiles = (pieces: number): number => Math.ceil(batch / pieces / TILE_ROWS) * TILE_ROWS;
  const small = times * batch * weight.size < PARALLEL_PRODUCT;
  const pool = threads.threads;
  const group = small || pool === 1 ? batch : Math.min(tiles(pool), Math.max(2 * TILE_ROWS, tiles(2 * pool)));
  const args = [group, times, batch, size, PANEL, ...arrays.map(pointerOf), ...hidden];
  threads.run(jobs[job], args, Math.ceil(batch / group));
}
