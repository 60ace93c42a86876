/**
 * AssemblyScript for C = A·B over packed panels. Each element of C is one running sum over k in order, every
 * product rounded before it is added, so the bits do not depend on the tile; only the speed does.
 */
export interface Tile {
  readonly rows: number;
  /** A multiple of 4. */
  readonly columns: number;
}

/** 5×8 fills sixteen 128-bit registers; 5×16 is for machines where V8 joins pairs of them into 256-bit ones. */
export const tiles: readonly Tile[] = [
  { rows: 5, columns: 8 },
  { rows: 5, columns: 16 },
];

const range = (n: number): number[] => [...Array(n).keys()];
const lines = (n: number, line: (i: number) => string): string => range(n).map(line).join("\n");

function micro({ rows, columns }: Tile): string {
  const vectors = columns / 4;
  const each = (line: (i: number, j: number) => string): string =>
    lines(rows, (i) => lines(vectors, (j) => line(i, j)));
  return `
function micro${columns}(k: i32, a: usize, b: usize, bRow: usize, c: usize, cRow: usize, resume: i32): void {
${each((i, j) => `  let c${i}_${j} = f32x4.splat(0);`)}
  if (resume) {
${each((i, j) => `    c${i}_${j} = v128.load(c + ${i} * cRow, ${16 * j});`)}
  }
  do {
${lines(vectors, (j) => `    const b${j} = v128.load(b, ${16 * j});`)}
${lines(
  rows,
  (i) => `    const a${i} = v128.load_splat<f32>(a, ${4 * i});
${lines(vectors, (j) => `    c${i}_${j} = f32x4.add(c${i}_${j}, f32x4.mul(a${i}, b${j}));`)}`,
)}
    a += ${4 * rows};
    b += bRow;
  } while (--k);
${each((i, j) => `  v128.store(c + ${i} * cRow, c${i}_${j}, ${16 * j});`)}
}`;
}

function packing({ rows, columns }: Tile): string {
  return `
// Element (i, k) of A lies at a + i·row + k·column; the panel holds ${rows} rows, k by k, short panels filled with 0.
function packA${columns}(a: usize, row: usize, column: usize, count: i32, k: i32, to: usize): void {
  for (let p = 0; p < k; p++) {
    if (count == ${rows}) {
${lines(rows, (i) => `      store<f32>(to, load<f32>(a + ${i} * row), ${4 * i});`)}
    } else for (let i = 0; i < ${rows}; i++)
      store<f32>(to + (<usize>i << 2), i < count ? load<f32>(a + <usize>i * row) : 0);
    a += column;
    to += ${4 * rows};
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
  } else for (let j = 0; j < ${columns}; j++) {
    let from = b + <usize>j * column, at = to + (<usize>j << 2);
    for (let p = 0; p < k; p++) {
      store<f32>(at, j < count ? load<f32>(from) : 0);
      from += row;
      at += ${4 * columns};
    }
  }
}`;
}

/** The block sizes keep a panel of B in the first cache and a block of A in the second. */
function blocks({ rows, columns }: Tile): string {
  return `
// Rows [m0, m1) and columns [n0, n1) of C; \`scratch\` holds GEMM_SCRATCH bytes.
export function gemm${columns}(
  m0: i32, m1: i32, n0: i32, n1: i32, k: i32, a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize, c: usize, cRow: usize, scratch: usize,
): void {
  const tile = scratch, panelB = scratch + 4096, panelA = panelB + ${(BLOCK_N + columns) * BLOCK_K * 4};
  for (let n = n0; n < n1; n += ${BLOCK_N}) {
    const width = min(${BLOCK_N}, n1 - n);
    for (let p = 0; p < k; p += ${BLOCK_K}) {
      const depth = min(${BLOCK_K}, k - p), resume = i32(p > 0);
      for (let j = 0; j < width; j += ${columns})
        packB${columns}(b + <usize>p * bRow + <usize>(n + j) * bColumn, bRow, bColumn,
          min(${columns}, width - j), depth, panelB + <usize>(j * depth) * 4);
      for (let m = m0; m < m1; m += ${BLOCK_M}) {
        const height = min(${BLOCK_M}, m1 - m);
        for (let i = 0; i < height; i += ${rows})
          packA${columns}(a + <usize>(m + i) * aRow + <usize>p * aColumn, aRow, aColumn,
            min(${rows}, height - i), depth, panelA + <usize>(i * depth) * 4);
        for (let j = 0; j < width; j += ${columns}) {
          const across = min(${columns}, width - j), bp = panelB + <usize>(j * depth) * 4;
          for (let i = 0; i < height; i += ${rows}) {
            const down = min(${rows}, height - i), ap = panelA + <usize>(i * depth) * 4;
            const at = c + <usize>(m + i) * cRow + (<usize>(n + j) << 2);
            if (down == ${rows} && across == ${columns}) micro${columns}(depth, ap, bp, ${4 * columns}, at, cRow, resume);
            else {
              if (resume) copyTile(at, cRow, tile, ${4 * columns}, down, across);
              micro${columns}(depth, ap, bp, ${4 * columns}, tile, ${4 * columns}, resume);
              copyTile(tile, ${4 * columns}, at, cRow, down, across);
            }
          }
        }
      }
    }
  }
}`;
}

// m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow, chunk height, chunk width, chunks across
const job = ({ columns }: Tile): string => `
export function gemm${columns}Job(args: usize, chunk: i32, scratch: usize): void {
  const height = integer(args, 11), width = integer(args, 12), across = integer(args, 13);
  const m0 = chunk / across * height, n0 = chunk % across * width;
  gemm${columns}(m0, min(integer(args, 0), m0 + height), n0, min(integer(args, 1), n0 + width), integer(args, 2),
    address(args, 3), address(args, 4), address(args, 5), address(args, 6), address(args, 7), address(args, 8),
    address(args, 9), address(args, 10), scratch);
}`;

const BLOCK_M = 240;
const BLOCK_K = 256;
const BLOCK_N = 512;

export function gemmSource(): string {
  const scratch = 4096 + (BLOCK_N + 16) * BLOCK_K * 4 + BLOCK_M * BLOCK_K * 4;
  return `// Generated by generate/gemm.ts.
import { address, integer } from "./args";

// Bytes of scratch a thread needs: an edge tile, the packed panels of B and of A.
export const GEMM_SCRATCH: i32 = ${scratch};

function copyTile(from: usize, fromRow: usize, to: usize, toRow: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      store<f32>(to + <usize>i * toRow + (<usize>j << 2), load<f32>(from + <usize>i * fromRow + (<usize>j << 2)));
}
${tiles.map((tile) => micro(tile) + packing(tile) + blocks(tile) + job(tile)).join("\n")}
`;
}
