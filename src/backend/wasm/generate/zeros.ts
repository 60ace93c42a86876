import { lines, type Plus, type Tile } from "./tile.ts";

/**
 * AssemblyScript for products that pass over zeros. Where every row of a packed panel of A holds 0, its products are ±0,
 * which change no sum that began with +0: one-hot rows, bags of words and the borders of images have many such columns.
 * Only 0·∞ and 0·NaN would be missed, so a panel of B that holds either is met by every column.
 */

/** Columns of a panel: their numbers are bytes. */
const COLUMNS = 256;
/** A panel's list: how many columns hold something, or 0 where that is most of them; then their numbers. */
export const LIST_BYTES: number = 4 + COLUMNS;
/** Of a panel's first columns so many may hold something before every second one must be empty. */
const PATIENCE = 16;

/** As `micro` in gemm.ts, over the listed columns alone, which are 1 or more. */
function listedMicro({ rows, columns }: Tile, plus: Plus): string {
  const vectors = columns / 4;
  const each = (line: (i: number, j: number) => string): string =>
    lines(rows, (i) => lines(vectors, (j) => line(i, j)));
  const step = (name: string): string => `
  const a${name} = a + <usize>load<u8>(list) * ${4 * rows}, p${name} = b + <usize>load<u8>(list) * ${4 * columns};
${lines(vectors, (j) => `  const b${name}${j} = v128.load(p${name}, ${16 * j});`)}
${lines(
  rows,
  (i) => `  const a${name}${i} = v128.load_splat<f32>(a${name}, ${4 * i});
${lines(vectors, (j) => `  c${i}_${j} = ${plus(`c${i}_${j}`, `a${name}${i}`, `b${name}${j}`)};`)}`,
)}
  list++;`;
  return `
function listedMicro${columns}(
  list: usize, count: i32, a: usize, b: usize, from: usize, fromRow: usize, c: usize, cRow: usize,
): void {
  const end = list + <usize>count;
${each((i, j) => `  let c${i}_${j} = v128.load(from + ${i} * fromRow, ${16 * j});`)}
${step("x")}
  while (list != end) {
${step("y")}
  }
${each((i, j) => `  v128.store(c + ${i} * cRow, c${i}_${j}, ${16 * j});`)}
}`;
}

/** With a sum for each vector of a row, since one would wait for itself. */
function finiteCheck({ columns }: Tile): string {
  const vectors = columns / 4;
  const sums = [...Array(vectors).keys()].map((j) => `sum${j}`);
  return `
// Whether x · 0 is 0 for every number of a packed panel of B.
function allFinite${columns}(panel: usize, depth: i32): bool {
  const zero = f32x4.splat(0), end = panel + <usize>depth * ${4 * columns};
  let ${sums.map((sum) => `${sum} = v128.load(FINITE)`).join(", ")};
  for (; panel != end; panel += ${4 * columns}) {
${lines(vectors, (j) => `    const x${j} = v128.load(panel, ${16 * j});`)}
${lines(vectors, (j) => `    sum${j} = f32x4.add(sum${j}, f32x4.mul(x${j}, zero));`)}
  }
  return !v128.any_true(f32x4.ne(${sums.reduce((all, sum) => `f32x4.add(${all}, ${sum})`)}, zero));
}`;
}

/** Five rows: four in a vector, and one. */
export function zerosSource(tiles: readonly Tile[], plus: Plus): string {
  return `
const FINITE = memory.data(16);

// List the columns of a packed panel that hold something; false where they are too many to gain by it.
function listColumns(panel: usize, depth: i32, list: usize): bool {
  const zero = f32x4.splat(0);
  let count = 0;
  store<i32>(list, 0);
  for (let k = 0; k < depth; k++) {
    store<u8>(list + <usize>count, k, 4);
    count += i32(v128.any_true(f32x4.ne(v128.load(panel), zero))) | i32(load<f32>(panel, 16) != 0);
    if (count > ${PATIENCE} + (k >> 1)) return false;
    panel += 20;
  }
  if (2 * count > depth) return false;
  store<i32>(list, max(1, count));
  return true;
}

${tiles.map((tile) => finiteCheck(tile) + listedMicro(tile, plus)).join("\n")}`;
}
