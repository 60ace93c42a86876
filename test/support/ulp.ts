const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** Units in the last place between a float32 and the exact value, in units of the float32 nearest to the latter. */
export function ulpsFrom(actual: number, exact: number): number {
  const nearest = Math.fround(exact);
  if (Object.is(actual, nearest)) return 0;
  if (!Number.isFinite(nearest) || !Number.isFinite(actual)) return Infinity;
  single[0] = Math.abs(nearest);
  const spacing = bits[0] < 0x00800000 ? 2 ** -149 : 2 ** ((bits[0] >> 23) - 150);
  return Math.abs(actual - exact) / spacing;
}
