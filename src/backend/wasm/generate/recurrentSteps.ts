/**
 * AssemblyScript for recurrent cells over whole sequences. A job takes a group of batch rows through all steps, since
 * rows never meet; a step is a product with the packed recurrent weights and one pass over the gates of a row.
 */

/** Rows that go through the product together; what is left over goes one by one. */
const ROWS = 4;
/** Steps of k whose panel stays in the first cache. */
const BLOCK_K = 256;
const UNROLL = 4;
/** Columns of a panel: 16 where V8 joins pairs of vectors into 256 bits, else 8. */
const widths: readonly number[] = [8, 16];

const range = (n: number): number[] => [...Array(n).keys()];
const lines = (n: number, line: (i: number) => string): string => range(n).map(line).join("\n");

/** C (+)= A·B for `rows` rows of A as they stand and one panel of B: each element one running sum over k in order. */
function micro(rows: number, columns: number): string {
  const vectors = columns / 4;
  const each = (line: (i: number, j: number) => string): string =>
    lines(rows, (i) => lines(vectors, (j) => line(i, j)));
  const step = (u: number): string => `
${lines(vectors, (j) => `    const b${u}_${j} = v128.load(b, ${(u * columns + 4 * j) * 4});`)}
${lines(
  rows,
  (i) => `    const s${u}_${i} = v128.load_splat<f32>(a${i}, ${4 * u});
${lines(vectors, (j) => `    c${i}_${j} = f32x4.add(c${i}_${j}, f32x4.mul(s${u}_${i}, b${u}_${j}));`)}`,
)}`;
  const forward = (steps: number): string => `
${lines(rows, (i) => `    a${i} += ${4 * steps};`)}
    b += ${4 * columns * steps};`;
  return `
function micro${rows}x${columns}(k: i32, a: usize, aRow: usize, b: usize, c: usize, cRow: usize, resume: bool): void {
${lines(rows, (i) => `  let a${i} = a + ${i} * aRow;`)}
${each((i, j) => `  let c${i}_${j} = f32x4.splat(0);`)}
  if (resume) {
${each((i, j) => `    c${i}_${j} = v128.load(c + ${i} * cRow, ${16 * j});`)}
  }
  for (; k >= ${UNROLL}; k -= ${UNROLL}) {${range(UNROLL).map(step).join("")}${forward(UNROLL)}
  }
  for (; k > 0; k--) {${step(0)}${forward(1)}
  }
${each((i, j) => `  v128.store(c + ${i} * cRow, c${i}_${j}, ${16 * j});`)}
}`;
}

/** A tile that the last panel fills only in part is computed in `edge`, so that nothing beyond C is touched. */
const tile = (rows: number, columns: number): string => `
// @ts-ignore: decorator
@inline
function tile${rows}x${columns}(
  across: i32, k: i32, a: usize, aRow: usize, b: usize, c: usize, cRow: usize, resume: bool, edge: usize,
): void {
  if (across == ${columns}) micro${rows}x${columns}(k, a, aRow, b, c, cRow, resume);
  else {
    if (resume) copyRows(c, cRow, edge, ${4 * columns}, ${rows}, across);
    micro${rows}x${columns}(k, a, aRow, b, edge, ${4 * columns}, resume);
    copyRows(edge, ${4 * columns}, c, cRow, ${rows}, across);
  }
}`;

const product = (columns: number): string => `
${[ROWS, 1].map((rows) => micro(rows, columns) + tile(rows, columns)).join("\n")}

function product${columns}(
  rows: i32, n: i32, k: i32, a: usize, aRow: usize, packed: usize, c: usize, cRow: usize, resume: bool, edge: usize,
): void {
  for (let p = 0; p < k; p += ${BLOCK_K}) {
    const depth = min(${BLOCK_K}, k - p), goOn = resume || p > 0;
    for (let j = 0; j < n; j += ${columns}) {
      const across = min(${columns}, n - j), panel = packed + ((<usize>j * k + <usize>p * ${columns}) << 2);
      let ai = a + (<usize>p << 2), ci = c + (<usize>j << 2), i = 0;
      for (; i + ${ROWS} <= rows; i += ${ROWS}) {
        tile${ROWS}x${columns}(across, depth, ai, aRow, panel, ci, cRow, goOn, edge);
        ai += ${ROWS} * aRow;
        ci += ${ROWS} * cRow;
      }
      for (; i < rows; i++) {
        tile1x${columns}(across, depth, ai, aRow, panel, ci, cRow, goOn, edge);
        ai += aRow;
        ci += cRow;
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
    name: "gruRowGates",
    reads: ["r", "z", "before"],
    writes: ["r", "z", "reset"],
    body: ["r_ = sigmoid4(r_);", "z_ = sigmoid4(z_);", "const reset_ = f32x4.mul(r_, before_);"],
  },
  {
    name: "gruRow",
    reads: ["z", "g", "before"],
    writes: ["g", "h", "next"],
    body: [
      "g_ = tanh4(g_);",
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
    name: "lstmRow",
    reads: ["i", "f", "g", "o", "c"],
    writes: ["i", "f", "g", "o", "cNext", "squashed", "h", "next"],
    body: [
      ...["i_ = sigmoid4(i_);", "f_ = sigmoid4(f_);", "g_ = tanh4(g_);", "o_ = sigmoid4(o_);"],
      "const cNext_ = f32x4.add(f32x4.mul(c_, f_), f32x4.mul(g_, i_));",
      "const squashed_ = tanh4(cNext_);",
      "const h_ = f32x4.mul(squashed_, o_);",
      "const next_ = h_;",
    ],
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

/** Two vectors side by side, statement by statement, as V8 joins them. */
function rowPass({ name, reads, writes, body }: RowPass): string {
  const pointers = [...new Set([...reads, ...writes])];
  const bind = (pointer: string): string => (writes.includes(pointer) ? "let" : "const");
  const both = (names: readonly string[], line: (name: string, j: number) => string): string =>
    names.map((pointer) => [0, 1].map((j) => `    ${line(pointer, j)}`).join("\n")).join("\n");
  const advance = (bytes: number): string => pointers.map((pointer) => `p${pointer} += ${bytes};`).join(" ");
  return `
function ${name}(n: i32, ${pointers.map((pointer) => `p${pointer}: usize`).join(", ")}): void {
  const one = f32x4.splat(1);
  let left = n;
  for (; left >= 8; left -= 8) {
${both(reads, (pointer, j) => `${bind(pointer)} ${pointer}${j} = v128.load(p${pointer}, ${16 * j});`)}
${body.map((line) => [0, 1].map((j) => `    ${line.replaceAll("_", `${j}`)}`).join("\n")).join("\n")}
${both(writes, (pointer, j) => `v128.store(p${pointer}, ${pointer}${j}, ${16 * j});`)}
    ${advance(32)}
  }
  for (; left > 0; left -= 4) {
${reads.map((pointer) => `    ${bind(pointer)} ${pointer} = lanesAt(p${pointer}, left);`).join("\n")}
${body.map((line) => `    ${line.replaceAll("_", "")}`).join("\n")}
${writes.map((pointer) => `    putLanes(p${pointer}, ${pointer}, left);`).join("\n")}
    ${advance(16)}
  }
}`;
}

const packing = (columns: number): string => `
function pack${columns}(b: usize, row: usize, column: usize, k: i32, n: i32, to: usize): void {
  for (let j = 0; j < n; j += ${columns}) {
    const across = min(${columns}, n - j);
    for (let p = 0; p < k; p++) {
      let from = b + <usize>p * row + <usize>j * column;
      for (let i = 0; i < ${columns}; i++) {
        store<f32>(to, i < across ? load<f32>(from) : 0);
        from += column;
        to += 4;
      }
    }
  }
}`;

export function recurrentStepsSource(): string {
  return `// Generated by generate/recurrentSteps.ts.
import { lanesAt, putLanes } from "./lanes";
import { sigmoid4, tanh4 } from "./math";

// @ts-ignore: decorator
@inline
function copyRows(from: usize, fromRow: usize, to: usize, toRow: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      store<f32>(to + <usize>i * toRow + (<usize>j << 2), load<f32>(from + <usize>i * fromRow + (<usize>j << 2)));
}
${widths.map((width) => packing(width) + product(width)).join("\n")}
${passes.map((pass) => rowPass(pass).replace("\nfunction", "\nexport function")).join("\n")}

// Element (p, j) of B lies at b + p·row + j·column; panels of \`width\` columns, k by k, the last one filled with 0.
export function packPanels(width: i32, b: usize, row: usize, column: usize, k: i32, n: i32, to: usize): void {
  if (width == 16) pack16(b, row, column, k, n, to);
  else pack8(b, row, column, k, n, to);
}

// C (+)= A·B over packed panels; \`edge\` has room for a tile.
export function multiply(
  width: i32, rows: i32, n: i32, k: i32, a: usize, aRow: usize, packed: usize, c: usize, cRow: usize,
  resume: bool, edge: usize,
): void {
  if (width == 16) product16(rows, n, k, a, aRow, packed, c, cRow, resume, edge);
  else product8(rows, n, k, a, aRow, packed, c, cRow, resume, edge);
}
`;
}
