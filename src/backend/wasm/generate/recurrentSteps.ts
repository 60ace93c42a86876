/**
 * AssemblyScript for recurrent cells over whole sequences. A job takes a group of batch rows through all steps, since
 * rows never meet; a step is a product with the packed recurrent weights and one pass over the gates of a row.
 */
import { micro } from "./gemm.ts";
import { lines } from "./tile.ts";

/**
 * Rows of the products' tiles. Five use the processor best, and fives and fours together make any number from 12 on, so
 * that no tile is filled up with rows of zeros.
 */
const [MANY, FEW] = [5, 4];
const widths = [8, 16];

/** A block of A stays in the second cache, a panel of B in the first. */
const BLOCK_M = 128;
const BLOCK_K = 256;

/** In a thread's scratch: room for one tile, a row of zeros from which sums start, and the packed rows of A. */
const ZEROS = 1024;
const PANELS = 2048;

const VECTORS = 8;

/** Panels of B for a whole sequence. */
const packing = (columns: number): string => `
function pack${columns}(b: usize, row: usize, column: usize, k: i32, n: i32, to: usize): void {
  for (let j = 0; j < n; j += ${columns}) {
    const across = min(${columns}, n - j);
    for (let p = 0; p < k; p++) {
      let from = b + <usize>p * row + <usize>j * column;
      if (across == ${columns} && column == 4) {
${lines(columns / 4, (i) => `        v128.store(to, v128.load(from, ${16 * i}), ${16 * i});`)}
        to += ${4 * columns};
      } else for (let i = 0; i < ${columns}; i++) {
        store<f32>(to, i < across ? load<f32>(from) : 0);
        from += column;
        to += 4;
      }
    }
  }
}`;

const product = (columns: number): string => `
function product${columns}(
  rows: i32, n: i32, k: i32, a: usize, aRow: usize, packed: usize, c: usize, cRow: usize, resume: bool, scratch: usize,
): void {
  memory.fill(scratch + ${ZEROS}, 0, 64);
  for (let m = 0; m < rows; m += ${BLOCK_M}) {
    const height = min(${BLOCK_M}, rows - m), many = rowsInFives(height);
    for (let p = 0; p < k; p += ${BLOCK_K}) {
      const depth = min(${BLOCK_K}, k - p), goOn = resume || p > 0;
      packRows(a + <usize>m * aRow + (<usize>p << 2), aRow, height, many, depth, scratch + ${PANELS});
      for (let j = 0; j < n; j += ${columns}) {
        const across = min(${columns}, n - j), panel = packed + ((<usize>j * k + <usize>p * ${columns}) << 2);
        for (let i = 0; i < height;) {
          const tileRows = i < many ? ${MANY} : ${FEW};
          const panelA = scratch + ${PANELS} + ((<usize>i * depth) << 2);
          const at = c + <usize>(m + i) * cRow + (<usize>j << 2), down = min(tileRows, height - i);
          const whole = down == tileRows && across == ${columns};
          const tile = whole ? at : scratch, tileRow: usize = whole ? cRow : ${4 * columns};
          if (goOn && !whole) copyRows(at, cRow, tile, tileRow, down, across);
          const from = goOn ? tile : scratch + ${ZEROS}, fromRow = goOn ? tileRow : 0;
          if (i < many) micro${MANY}x${columns}(depth, panelA, panel, ${4 * columns}, from, fromRow, tile, tileRow);
          else micro${FEW}x${columns}(depth, panelA, panel, ${4 * columns}, from, fromRow, tile, tileRow);
          if (!whole) copyRows(tile, tileRow, at, cRow, down, across);
          i += tileRows;
        }
      }
    }
  }
}`;

interface RowPass {
  readonly name: string;
  /** Pointers read before the body, written after it, or both. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Statements over the vectors named as the pointers; `_` marks names of the vector at hand. */
  readonly body: readonly string[];
}

const sigmoidSlope = "f32x4.sub(one, X_)";
const tanhSlope = "f32x4.sub(one, f32x4.mul(X_, X_))";
const slope = (expression: string, x: string): string => expression.replaceAll("X", x);
const times = (...factors: string[]): string => factors.reduce((x, y) => `f32x4.mul(${x}, ${y})`);

const passes: readonly RowPass[] = [
  { name: "sigmoidRow", reads: ["x"], writes: ["x"], body: ["x_ = sigmoid4(x_);"] },
  { name: "tanhRow", reads: ["x"], writes: ["x"], body: ["x_ = tanh4(x_);"] },
  {
    name: "rnnRow",
    reads: ["z"],
    writes: ["z", "h", "next"],
    body: ["const h_ = tanh4(z_);", "z_ = h_;", "const next_ = h_;"],
  },
  {
    name: "rnnRowGradient",
    reads: ["dy", "dh", "z"],
    writes: ["z"],
    body: [`z_ = ${times("f32x4.add(dy_, dh_)", slope(tanhSlope, "z"))};`],
  },
  {
    name: "gruReset",
    reads: ["r", "before"],
    writes: ["reset"],
    body: ["const reset_ = f32x4.mul(r_, before_);"],
  },
  {
    name: "gruRow",
    reads: ["z", "g", "before"],
    writes: ["h", "next"],
    body: [
      "const h_ = f32x4.add(f32x4.mul(before_, z_), f32x4.mul(g_, f32x4.sub(one, z_)));",
      "const next_ = h_;",
    ],
  },
  {
    name: "gruRowGradient",
    reads: ["dy", "dh", "z", "g", "before"],
    writes: ["dh", "z", "g"],
    body: [
      "const d_ = f32x4.add(dy_, dh_);",
      "const rest_ = f32x4.sub(one, z_);",
      "dh_ = f32x4.mul(d_, z_);",
      `z_ = ${times("d_", "f32x4.sub(before_, g_)", "z_", "rest_")};`,
      `g_ = f32x4.mul(f32x4.mul(d_, rest_), ${slope(tanhSlope, "g")});`,
    ],
  },
  {
    name: "gruRowGatesGradient",
    reads: ["dh", "dReset", "r", "before"],
    writes: ["dh", "r"],
    body: [
      "dh_ = f32x4.add(dh_, f32x4.mul(dReset_, r_));",
      `r_ = ${times("dReset_", "before_", "r_", slope(sigmoidSlope, "r"))};`,
    ],
  },
  {
    name: "lstmCell",
    reads: ["i", "f", "g", "c"],
    writes: ["next"],
    body: ["const next_ = f32x4.add(f32x4.mul(c_, f_), f32x4.mul(g_, i_));"],
  },
  {
    name: "lstmRow",
    reads: ["o", "c"],
    writes: ["squashed", "h", "next"],
    body: ["const squashed_ = tanh4(c_);", "const h_ = f32x4.mul(squashed_, o_);", "const next_ = h_;"],
  },
  {
    name: "lstmRowGradient",
    reads: ["dy", "dh", "dc", "c", "squashed", "i", "f", "g", "o"],
    writes: ["dc", "i", "f", "g", "o"],
    body: [
      "const d_ = f32x4.add(dy_, dh_);",
      `const e_ = f32x4.add(dc_, f32x4.mul(f32x4.mul(d_, o_), ${slope(tanhSlope, "squashed")}));`,
      "const input_ = i_;",
      "dc_ = f32x4.mul(e_, f_);",
      `i_ = ${times("e_", "g_", "i_", slope(sigmoidSlope, "i"))};`,
      `f_ = ${times("e_", "c_", "f_", slope(sigmoidSlope, "f"))};`,
      `g_ = f32x4.mul(f32x4.mul(e_, input_), ${slope(tanhSlope, "g")});`,
      `o_ = ${times("d_", "squashed_", "o_", slope(sigmoidSlope, "o"))};`,
    ],
  },
];

/**
 * Vectors side by side, statement by statement: V8 joins two and two, and loads the constants of tanh once for all. What
 * is left of a row goes by pairs, then one by one.
 */
function rowPass({ name, reads, writes, body }: RowPass): string {
  const pointers = [...new Set([...reads, ...writes])];
  const bind = (pointer: string): string => (writes.includes(pointer) ? "let" : "const");
  const advance = (bytes: number): string => pointers.map((pointer) => `p${pointer} += ${bytes};`).join(" ");
  const together = (vectors: number): string => {
    const each = (names: readonly string[], line: (name: string, j: number) => string): string =>
      names.map((name) => lines(vectors, (j) => `    ${line(name, j)}`)).join("\n");
    return `
  for (; left >= ${4 * vectors}; left -= ${4 * vectors}) {
${each(reads, (pointer, j) => `${bind(pointer)} ${pointer}${j} = v128.load(p${pointer}, ${16 * j});`)}
${each(body, (line, j) => line.replaceAll("_", `${j}`))}
${each(writes, (pointer, j) => `v128.store(p${pointer}, ${pointer}${j}, ${16 * j});`)}
    ${advance(16 * vectors)}
  }`;
  };
  return `
function ${name}(n: i32, ${pointers.map((pointer) => `p${pointer}: usize`).join(", ")}): void {
  const one = f32x4.splat(1);
  let left = n;${together(VECTORS)}${together(2)}
  for (; left > 0; left -= 4) {
${reads.map((pointer) => `    ${bind(pointer)} ${pointer} = lanesAt(p${pointer}, left);`).join("\n")}
${body.map((line) => `    ${line.replaceAll("_", "")}`).join("\n")}
${writes.map((pointer) => `    putLanes(p${pointer}, ${pointer}, left);`).join("\n")}
    ${advance(16)}
  }
}`;
}

export function recurrentStepsSource(): string {
  return `// Generated by generate/recurrentSteps.ts.
import { lanesAt, putLanes } from "./lanes";
import { sigmoid4, tanh4 } from "./math";

function copyRows(from: usize, fromRow: usize, to: usize, toRow: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      store<f32>(to + <usize>i * toRow + (<usize>j << 2), load<f32>(from + <usize>i * fromRow + (<usize>j << 2)));
}

// How many of the first rows go in fives: so many that the rest is fours; none where only a tile filled up would do.
function rowsInFives(rows: i32): i32 {
  for (let fives = rows / ${MANY}; fives > 0; fives--)
    if ((rows - ${MANY} * fives) % ${FEW} == 0) return ${MANY} * fives;
  return 0;
}

// Rows of A by tiles, k by k: \`many\` rows in fives, the others in fours, of which the last are filled up with 0.
function packRows(a: usize, aRow: usize, rows: i32, many: i32, k: i32, to: usize): void {
  for (let i = 0; i < rows;) {
    const down = rows - i, row1 = aRow, row2 = 2 * aRow, row3 = 3 * aRow, row4 = 4 * aRow;
    let at = a + <usize>i * aRow, p = 0;
    const five = i < many, step: usize = five ? ${4 * MANY} : ${4 * FEW};
    if (down >= 4) for (; p + 4 <= k; p += 4) {
      const x0 = v128.load(at), x1 = v128.load(at + row1), x2 = v128.load(at + row2), x3 = v128.load(at + row3);
      const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5), low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7), high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
      v128.store(to + step, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
      v128.store(to + 2 * step, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
      v128.store(to + 3 * step, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
      if (five) {
        const x4 = v128.load(at + row4);
${lines(4, (j) => `        v128.store_lane<f32>(to + ${j} * step, x4, ${j}, 16);`)}
      }
      at += 16;
      to += 4 * step;
    }
    for (; p < k; p++) {
      store<f32>(to, load<f32>(at));
      store<f32>(to, down > 1 ? load<f32>(at + row1) : 0, 4);
      store<f32>(to, down > 2 ? load<f32>(at + row2) : 0, 8);
      store<f32>(to, down > 3 ? load<f32>(at + row3) : 0, 12);
      if (five) store<f32>(to, load<f32>(at + row4), 16);
      at += 4;
      to += step;
    }
    i += five ? ${MANY} : ${FEW};
  }
}
${widths
  .map(
    (columns) =>
      micro({ rows: MANY, columns }) + micro({ rows: FEW, columns }) + packing(columns) + product(columns),
  )
  .join("\n")}
${passes.map((pass) => rowPass(pass).replace("\nfunction", "\nexport function")).join("\n")}

// Element (p, j) of B lies at b + p·row + j·column; panels of \`width\` columns, k by k, the last one filled with 0.
export function packPanels(width: i32, b: usize, row: usize, column: usize, k: i32, n: i32, to: usize): void {
  if (width == 16) pack16(b, row, column, k, n, to);
  else pack8(b, row, column, k, n, to);
}

// C (+)= A·B over packed panels; \`scratch\` holds GEMM_SCRATCH bytes.
export function multiply(
  width: i32, rows: i32, n: i32, k: i32, a: usize, aRow: usize, packed: usize, c: usize, cRow: usize,
  resume: bool, scratch: usize,
): void {
  if (width == 16) product16(rows, n, k, a, aRow, packed, c, cRow, resume, scratch);
  else product8(rows, n, k, a, aRow, packed, c, cRow, resume, scratch);
}
`;
}
