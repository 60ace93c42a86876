/**
 * How every sum but the matrix product's is made, so that both backends, any number of threads and any vector
 * width agree in the last bit. Elements are added in float64 to LANES running sums (element i to lane i mod LANES),
 * which are then folded in halves; chunks of CHUNK elements are summed so, and their sums added in order.
 * A sum down columns (inner > 1) adds row by row in float64.
 */
export const LANES = 16;
export const CHUNK = 65536;
