// Series in float64, two lanes at a time. Constants lie in memory, as in math.ts.

// @ts-ignore: decorator
@inline
export function constant(table: usize, index: usize = 0): v128 {
  return v128.load_splat<f64>(table + (index << 3));
}

// One more term: sum · x + table[index].
// @ts-ignore: decorator
@inline
export function horner(sum: v128, x: v128, table: usize, index: usize): v128 {
  return f64x2.add(f64x2.mul(sum, x), constant(table, index));
}

// Adding it, 1.5·2⁵², rounds to an integer, which then stands in the low bits.
export const SHIFT = memory.data<f64>([6755399441055744]);
