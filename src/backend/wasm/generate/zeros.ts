import { lines, type Plus, type Tile } from "./tile.ts";

/**
 * AssemblyScript for products that pass over zeros. Where every row of a packed panel of A holds 0, its products are ±0,
 * which change no sum that began with +0: one-hot rows, bags of words and the borders of images have many such columns.
 * A panel with few others adds rows of B to rows of C; one with more goes through the tiles in fewer steps. Only 0·∞ and
 * 0·NaN would be missed, so where B holds either nothing is passed over.
 */

/** Columns of a panel: their numbers are bytes. */
const COLUMNS = 256;
/** A panel's list: how many columns hold something, 0 where that is most of them, −1 once they are added; their numbers. */
export const LIST_BYTES: number = 4 + COLUMNS;
/** Fewer columns of B than these are multiplied sooner than zeros are found. */
export const LISTED_COLUMNS = 32;
/** One in so many columns is few: rows of C are read and written for each, where a tile stays in registers. */
export const FEW = 4;
/** Of a panel's first columns so many may hold something before every second one must be empty. */
const PATIENCE = 8;

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

/** A row of B times one element of A, added to what `sum` reads. */
const toRow = (name: string, sum: (j: number) => string, lastSum: string, plus: Plus): string => `
function ${name}(a: usize, b: usize, c: usize, columns: i32): void {
  const x = v128.load_splat<f32>(a), zero = v128.load(NOTHING);
  for (; columns >= 16; columns -= 16) {
${lines(4, (j) => `    const b${j} = v128.load(b, ${16 * j});`)}
${lines(4, (j) => `    const c${j} = ${sum(j)};`)}
${lines(4, (j) => `    const sum${j} = ${plus(`c${j}`, "x", `b${j}`)};`)}
${lines(4, (j) => `    v128.store(c, sum${j}, ${16 * j});`)}
    b += 64;
    c += 64;
  }
  for (; columns > 0; columns -= 4) {
    putLanes(c, ${plus(lastSum, "x", "lanesAt(b, columns)")}, columns);
    b += 16;
    c += 16;
  }
}`;

/** Five rows: four in a vector, and one. */
export function zerosSource(tiles: readonly Tile[], plus: Plus): string {
  return `
const NOTHING = memory.data(16);

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

// Whether x · 0 is 0 for every number of a matrix; four sums, since one would wait for itself.
function allFinite(x: usize, row: usize, rows: i32, columns: i32): bool {
  const zero = f32x4.splat(0);
  let some = zero;
  for (let i = 0; i < rows; i++) {
    let at = x, left = columns;
    let sum0 = v128.load(NOTHING), sum1 = v128.load(NOTHING), sum2 = v128.load(NOTHING), sum3 = v128.load(NOTHING);
    for (; left >= 16; left -= 16) {
${lines(4, (j) => `      const x${j} = v128.load(at, ${16 * j});`)}
${lines(4, (j) => `      sum${j} = f32x4.add(sum${j}, f32x4.mul(x${j}, zero));`)}
      at += 64;
    }
    for (; left > 0; left -= 4) {
      sum0 = f32x4.add(sum0, f32x4.mul(lanesAt(at, left), zero));
      at += 16;
    }
    some = f32x4.add(some, f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)));
    x += row;
  }
  return !v128.any_true(f32x4.ne(some, zero));
}

// Sums of a panel's rows with few elements, row by row: to C go the rows of B, as often as A says.
function addRows(
  list: usize, panel: usize, b: usize, bRow: usize, c: usize, cRow: usize, rows: i32, columns: i32, resume: bool,
): void {
  const end = list + 4 + load<i32>(list);
  for (let i = 0; i < rows; i++) {
    let started = resume;
    for (let at = list + 4; at != end; at++) {
      const k = <usize>load<u8>(at), a = panel + k * 20 + (<usize>i << 2);
      if (load<f32>(a) == 0) continue;
      if (started) addRow(a, b + k * bRow, c, columns);
      else startRow(a, b + k * bRow, c, columns);
      started = true;
    }
    if (!started) memory.fill(c, 0, <usize>columns << 2);
    c += cRow;
  }
}

${toRow("addRow", (j) => `v128.load(c, ${16 * j})`, "lanesAt(c, columns)", plus)}

// Sums begin with +0, which a product of −0 does not change.
${toRow("startRow", () => "zero", "zero", plus)}

${tiles.map((tile) => listedMicro(tile, plus)).join("\n")}`;
}
