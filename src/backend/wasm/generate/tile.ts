/** What one turn of a product's inner loop computes: so many rows of A by so many columns of B. */
export interface Tile {
  readonly rows: number;
  /** A multiple of 4. */
  readonly columns: number;
}

/** AssemblyScript for a vector of sums, joined by the product of two others. */
export type Plus = (sum: string, a: string, b: string) => string;
/** The product is rounded before it is added. */
export const rounded: Plus = (sum, a, b) => `f32x4.add(${sum}, f32x4.mul(${a}, ${b}))`;
/** In one step, where the processor can. */
export const unrounded: Plus = (sum, a, b) => `f32x4.relaxed_madd(${a}, ${b}, ${sum})`;

export const range = (n: number): number[] => [...Array(n).keys()];
/** `n` lines of code, each told its number. */
export const lines = (n: number, line: (i: number) => string): string => range(n).map(line).join("\n");
