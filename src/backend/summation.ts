/**
 * How every sum but the matrix product's is made, so that both backends, any number of threads and any vector
 * width agree in the last bit. Everything is added in float64, in pieces of fixed size whose sums are then added in
 * order. Elements that lie side by side go to LANES running sums (element i to lane i mod LANES), which are folded
 * in halves, in pieces of CHUNK; down columns (inner > 1) each column is one running sum, in pieces of ROWS rows.
 */
export const LANES = 16;
export const CHUNK = 65536;
export const ROWS = 512;

/** The rows of one piece of a [length, inner]. */
export const pieceRows = (inner: number): number => (inner === 1 ? CHUNK : ROWS);
