/** Fewer where the partial sums would pass 4 MiB. */
const MAXIMUM_PARTS = 16;
const MAXIMUM_PARTIAL_SUMS = 1 << 20;

/**
 * In how many parts the gradient of `weights` weights is summed over `rows` rows of results, and the rows of each.
 * It depends on shapes alone, so that threads can share the parts without changing a bit.
 */
export function weightGradientParts(rows: number, weights: number): { parts: number; rowsOfPart: number } {
  const wanted = Math.max(1, Math.min(MAXIMUM_PARTS, Math.floor(MAXIMUM_PARTIAL_SUMS / weights)));
  const rowsOfPart = Math.max(1, Math.ceil(rows / wanted));
  return { parts: Math.ceil(rows / rowsOfPart), rowsOfPart };
}
