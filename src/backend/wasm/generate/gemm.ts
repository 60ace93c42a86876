import { binaryKinds } from "../kinds.ts";
import { lines, type Plus, range, rounded, type Tile, unrounded } from "./tile.ts";
import { FEW, LIST_BYTES, LISTED_COLUMNS, zerosSource } from "./zeros.ts";

/**
 * AssemblyScript for C = A·B over packed panels. Each element of C is one running sum over k in order, every
 * product rounded before it is added, so the bits do not depend on the tile; only the speed does. With `fused` a
 * product is added unrounded where the processor can, and then they depend on the processor.
 */

/** 5×8 fills sixteen 128-bit registers; 5×16 is for machines where V8 joins pairs of them into 256-bit ones. */
export const tiles: readonly Tile[] = [
  { rows: 5, columns: 8 },
  { rows: 5, columns: 16 },
];

/** A panel of B is packed into the first cache and used from there; the panels of A stream past it in order. */
const BLOCK_M = 1200;
const BLOCK_K = 256;

/** Steps along k in one turn of the inner loop. */
const STEPS = 4;

/** Room for one tile, and a row of zeros from which sums start. */
const TILE_BYTES = 4096;
const ZEROS = TILE_BYTES - 64;
const PANEL_BYTES = 16 * BLOCK_K * 4;
const LISTS_BYTES = (BLOCK_M / tiles[0].rows) * LIST_BYTES;
const SCRATCH_BYTES = TILE_BYTES + PANEL_BYTES + BLOCK_M * BLOCK_K * 4 + LISTS_BYTES;

/**
 * The inner loop. Its shape is what V8 turns into the best code at 256 bits: sums that all start from loads, since
 * constants would keep a pair apart; an exit after each step, which keeps the steps in order when pairs are joined;
 * and the first step before the loop, where the addresses that a repeated element of A needs are then computed.
 */
export function micro({ rows, columns }: Tile, plus: Plus = rounded): string {
  const vectors = columns / 4;
  const each = (line: (i: number, j: number) => string): string =>
    lines(rows, (i) => lines(vectors, (j) => line(i, j)));
  const step = (name: string): string => `
${lines(vectors, (j) => `    const b${name}${j} = v128.load(b, ${16 * j});`)}
${lines(
  rows,
  (i) => `    const a${name}${i} = v128.load_splat<f32>(a, ${4 * i});
${lines(vectors, (j) => `    c${i}_${j} = ${plus(`c${i}_${j}`, `a${name}${i}`, `b${name}${j}`)};`)}`,
)}
    a += ${4 * rows};
    b += bRow;`;
  return `
// A tile of sums over k >= 1 steps through both panels: read at \`from\`, written at \`c\`.
function micro${rows}x${columns}(
  k: i32, a: usize, b: usize, bRow: usize, from: usize, fromRow: usize, c: usize, cRow: usize,
): void {
  const end = a + <usize>k * ${4 * rows};
${each((i, j) => `  let c${i}_${j} = v128.load(from + ${i} * fromRow, ${16 * j});`)}
${step("")}
  while (a != end) {
${range(STEPS)
  .map((index) => step(`${"stuv"[index]}`))
  .join("\n    if (a == end) break;\n")}
  }
${each((i, j) => `  v128.store(c + ${i} * cRow, c${i}_${j}, ${16 * j});`)}
}`;
}

/** Four vectors, x0 to x3, turned so that \`turned(i)\` holds element i of each. */
const transposition = (x: string): string => `
      const low01 = v128.shuffle<f32>(${x}0, ${x}1, 0, 4, 1, 5), low23 = v128.shuffle<f32>(${x}2, ${x}3, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(${x}0, ${x}1, 2, 6, 3, 7), high23 = v128.shuffle<f32>(${x}2, ${x}3, 2, 6, 3, 7);`;
const turned = (i: number): string =>
  `v128.shuffle<f32>(${i < 2 ? "low01, low23" : "high01, high23"}, ${i % 2 ? "2, 3, 6, 7" : "0, 1, 4, 5"})`;

function packing({ rows, columns }: Tile): string {
  return `
// Element (i, k) of A lies at a + i·row + k·column; the panel holds ${rows} rows, k by k, short panels filled with 0.
function packA${columns}(a: usize, row: usize, column: usize, count: i32, k: i32, to: usize): void {
  let p = 0;
  if (count == ${rows} && column == 4) {
    for (; p + 4 <= k; p += 4) {
${lines(rows, (i) => `      const x${i} = v128.load(a + ${i} * row);`)}
${transposition("x")}
${lines(
  4,
  (i) => `      v128.store(to, ${turned(i)}, ${i * rows * 4});
      v128.store_lane<f32>(to, x4, ${i}, ${i * rows * 4 + 16});`,
)}
      a += 16;
      to += ${16 * rows};
    }
  } else if (count == ${rows} && row == 4) {
    for (; p < k; p++) {
      v128.store(to, v128.load(a));
      store<f32>(to, load<f32>(a, 16), 16);
      a += column;
      to += ${4 * rows};
    }
  }
  for (; p < k; p++) {
    for (let i = 0; i < ${rows}; i++)
      store<f32>(to + (<usize>i << 2), i < count ? load<f32>(a + <usize>i * row) : 0);
    a += column;
    to += ${4 * rows};
  }
}

// All panels of \`height\` rows. Where the columns of A are contiguous four panels are packed side by side, since one alone
// would take a few numbers from each line of the cache.
function packPanels${columns}(a: usize, row: usize, column: usize, height: i32, k: i32, to: usize): void {
  let i = 0;
  const panel = <usize>k * ${4 * rows};
  if (row == 4) for (; i + ${4 * rows} <= height; i += ${4 * rows}) {
    let from = a + (<usize>i << 2), at = to;
    for (let p = 0; p < k; p++) {
${lines(
  4,
  (j) => `      v128.store(at + ${j} * panel, v128.load(from, ${4 * rows * j}));
      store<f32>(at + ${j} * panel, load<f32>(from, ${4 * rows * j + 16}), 16);`,
)}
      from += column;
      at += ${4 * rows};
    }
    to += 4 * panel;
  }
  for (; i < height; i += ${rows}) {
    packA${columns}(a + <usize>i * row, row, column, min(${rows}, height - i), k, to);
    to += panel;
  }
}

// Element (k, j) of B lies at b + k·row + j·column; the panel holds ${columns} columns.
function packB${columns}(b: usize, row: usize, column: usize, count: i32, k: i32, to: usize): void {
  if (count == ${columns} && column == 4) {
    for (let p = 0; p < k; p++) {
${lines(columns / 4, (j) => `      v128.store(to, v128.load(b, ${16 * j}), ${16 * j});`)}
      b += row;
      to += ${4 * columns};
    }
    return;
  }
  let j = 0;
  if (row == 4) for (; j + 4 <= count; j += 4) {
    let from = b + <usize>j * column, at = to + (<usize>j << 2), p = 0;
    for (; p + 4 <= k; p += 4) {
${lines(4, (i) => `      const x${i} = v128.load(from + ${i} * column);`)}
${transposition("x")}
${lines(4, (i) => `      v128.store(at, ${turned(i)}, ${4 * columns * i});`)}
      from += 16;
      at += ${16 * columns};
    }
    for (; p < k; p++) {
${lines(4, (i) => `      store<f32>(at, load<f32>(from + ${i} * column), ${4 * i});`)}
      from += 4;
      at += ${4 * columns};
    }
  }
  for (; j < ${columns}; j++) {
    let from = b + <usize>j * column, at = to + (<usize>j << 2);
    for (let p = 0; p < k; p++) {
      store<f32>(at, j < count ? load<f32>(from) : 0);
      from += row;
      at += ${4 * columns};
    }
  }
}`;
}

function blocks({ rows, columns }: Tile): string {
  return `
// A panel of B times all panels of A: a column of tiles, their sums started or resumed. With \`lists\` of the columns of A
// that hold something, the others are passed over.
function multiply${columns}(
  height: i32, across: i32, depth: i32, a: usize, b: usize, bRow: usize, c: usize, cRow: usize,
  resume: i32, lists: usize, scratch: usize,
): void {
  for (let i = 0; i < height; i += ${rows}, a += <usize>depth * ${4 * rows}, c += ${rows} * cRow) {
    const listed = lists ? load<i32>(lists) : 0;
    const list = lists;
    if (lists) lists += ${LIST_BYTES};
    if (listed < 0) continue;
    const down = min(${rows}, height - i);
    const whole = down == ${rows} && across == ${columns};
    const tile = whole ? c : scratch, tileRow: usize = whole ? cRow : ${4 * columns};
    if (resume && !whole) copyTile(c, cRow, tile, tileRow, down, across);
    const from = resume ? tile : scratch + ${ZEROS}, fromRow: usize = resume ? tileRow : 0;
    if (listed) listedMicro${columns}(list + 4, listed, a, b, from, fromRow, tile, tileRow);
    else micro${rows}x${columns}(depth, a, b, bRow, from, fromRow, tile, tileRow);
    if (!whole) copyTile(tile, tileRow, c, cRow, down, across);
  }
}

// Rows [m0, m1) and columns [n0, n1) of C, finished with bias and activation; \`scratch\` holds GEMM_SCRATCH bytes.
export function gemm${columns}(
  m0: i32, m1: i32, n0: i32, n1: i32, k: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, c: usize, cRow: usize, bias: usize, activation: i32, scratch: usize,
): void {
  const panelB = scratch + ${TILE_BYTES}, panelsA = panelB + ${PANEL_BYTES};
  const lists = panelsA + ${BLOCK_M * BLOCK_K * 4};
  for (let i = 0; i < 16; i++) store<f32>(scratch + ${ZEROS} + (<usize>i << 2), 0);
  // Blocks of rows of about the same height, in whole tiles.
  const count = (m1 - m0 + ${BLOCK_M - 1}) / ${BLOCK_M};
  const block = ((m1 - m0 + count - 1) / count + ${rows - 1}) / ${rows} * ${rows};
  const rest = bias ? bias + (<usize>n0 << 2) : 0;
  // Lists serve whole rows of tiles, and panels of B that are packed.
  const worthLists = block > ${2 * rows} && n1 - n0 >= ${LISTED_COLUMNS};
  for (let m = m0; m < m1; m += block) {
    const height = min(block, m1 - m);
    let listed = false;
    for (let p = 0; p < k; p += ${BLOCK_K}) {
      const depth = min(${BLOCK_K}, k - p);
      listed = false;
      packPanels${columns}(a + <usize>m * aRow + <usize>p * aColumn, aRow, aColumn, height, depth, panelsA);
      if (worthLists) for (let i = 0, list = lists; i < height; i += ${rows}, list += ${LIST_BYTES})
        if (listColumns(panelsA + <usize>(i * depth) * 4, depth, list)) listed = true;
      const rowsB = b + <usize>p * bRow + <usize>n0 * bColumn;
      if (listed) listed = bColumn == 4 ? allFinite(rowsB, bRow, depth, n1 - n0) : allFinite(rowsB, bColumn, n1 - n0, depth);
      if (listed && bColumn == 4) for (let i = 0, list = lists; i < height; i += ${rows}, list += ${LIST_BYTES}) {
        const count = load<i32>(list);
        if (count == 0 || ${FEW} * count > depth) continue;
        const down = min(${rows}, height - i), at = c + <usize>(m + i) * cRow + (<usize>n0 << 2);
        addRows(list, panelsA + <usize>(i * depth) * 4, rowsB, bRow, at, cRow, down, n1 - n0, p > 0);
        // While the rows are in cache.
        if (p + depth == k) finish(at, cRow, down, n1 - n0, rest, activation);
        store<i32>(list, -1);
      }
      for (let n = n0; n < n1; n += ${columns}) {
        const across = min(${columns}, n1 - n);
        let panel = b + <usize>p * bRow + <usize>n * bColumn, step = bRow;
        // Rows of B that a panel would copy unchanged are read where they are, unless many tiles pass over them.
        if (across < ${columns} || bColumn != 4 || height > ${2 * rows}) {
          packB${columns}(panel, bRow, bColumn, across, depth, panelB);
          panel = panelB;
          step = ${4 * columns};
        }
        const at = c + <usize>m * cRow + (<usize>n << 2);
        multiply${columns}(height, across, depth, panelsA, panel, step, at, cRow, i32(p > 0), listed ? lists : 0, scratch);
      }
    }
    // Rows that were added up in the last pass are finished.
    for (let i = 0, list = lists; i < height; i += ${rows}, list += ${LIST_BYTES})
      if (!listed || load<i32>(list) >= 0)
        finish(c + <usize>(m + i) * cRow + (<usize>n0 << 2), cRow, min(${rows}, height - i), n1 - n0, rest, activation);
  }
}`;
}

// m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow, bias, activation, chunk height, chunk width, chunks across
const job = ({ columns }: Tile): string => `
export function gemm${columns}Job(args: usize, chunk: i32, scratch: usize): void {
  const height = integer(args, 13), width = integer(args, 14), across = integer(args, 15);
  const m0 = chunk / across * height, n0 = chunk % across * width;
  gemm${columns}(m0, min(integer(args, 0), m0 + height), n0, min(integer(args, 1), n0 + width), integer(args, 2),
    address(args, 3), address(args, 4), address(args, 5), address(args, 6), address(args, 7), address(args, 8),
    address(args, 9), address(args, 10), address(args, 11), integer(args, 12), scratch);
}`;

export function gemmSource(fused = false): string {
  const plus = fused ? unrounded : rounded;
  return `// Generated by generate/gemm.ts.
import { address, integer } from "./args";
import { binary, unary } from "./elementwise";
import { lanesAt, putLanes } from "./lanes";

// Bytes of scratch a thread needs: an edge tile, a packed panel of B, the packed panels of A and the lists of their columns.
export const GEMM_SCRATCH: i32 = ${SCRATCH_BYTES};

function copyTile(from: usize, fromRow: usize, to: usize, toRow: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j += 4)
      putLanes(to + (<usize>j << 2), lanesAt(from + (<usize>j << 2), columns - j), columns - j);
    from += fromRow;
    to += toRow;
  }
}

// A bias (unless its address is 0) and an activation (unless it is −1), row by row while the block is in cache.
function finish(c: usize, cRow: usize, rows: i32, columns: i32, bias: usize, activation: i32): void {
  if (!bias && activation < 0) return;
  for (let i = 0; i < rows; i++) {
    if (bias) binary(${binaryKinds.indexOf("add")}, c, 0, 4, bias, 0, 4, c, 1, columns);
    if (activation >= 0) unary(activation, c, c, columns);
    c += cRow;
  }
}
${zerosSource(tiles, plus)}
${tiles.map((tile) => micro(tile, plus) + packing(tile) + blocks(tile) + job(tile)).join("\n")}
`;
}
