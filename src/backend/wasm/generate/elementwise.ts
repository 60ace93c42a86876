/**
 * AssemblyScript for the elementwise kernels. A loop takes two vectors at a time, statement by statement, so that V8 can
 * join the pair into one of 256 bits. Functions too long to inline are called for one vector at a time: they gain
 * nothing from a pair, and Node 26 aborts over a pair of stores whose vectors come out of calls.
 */
import type { BinaryKind, UnaryKind } from "../../backend.ts";
import { binaryKinds, integerKinds, unaryKinds } from "../kinds.ts";

const unaryExpressions: Record<UnaryKind, (x: string) => string> = {
  neg: (x) => `f32x4.neg(${x})`,
  abs: (x) => `f32x4.abs(${x})`,
  // 1 where positive, less 1 where negative; NaN, ±0 stay themselves.
  sign: (x) =>
    `v128.bitselect(${x}, f32x4.sub(v128.and(f32x4.gt(${x}, zero), one), v128.and(f32x4.lt(${x}, zero), one)), ` +
    `v128.or(f32x4.ne(${x}, ${x}), f32x4.eq(${x}, zero)))`,
  exp: (x) => `exp4(${x})`,
  log: (x) => `log4(${x})`,
  log1p: (x) => `log1p4(${x})`,
  sqrt: (x) => `f32x4.sqrt(${x})`,
  sin: (x) => `sin4(${x})`,
  cos: (x) => `cos4(${x})`,
  relu: (x) => `f32x4.max(${x}, zero)`,
  sigmoid: (x) => `sigmoid4(${x})`,
  tanh: (x) => `tanh4(${x})`,
  softplus: (x) => `softplus4(${x})`,
};

const binaryExpressions: Record<BinaryKind, (x: string, y: string) => string> = {
  add: (x, y) => `f32x4.add(${x}, ${y})`,
  sub: (x, y) => `f32x4.sub(${x}, ${y})`,
  mul: (x, y) => `f32x4.mul(${x}, ${y})`,
  div: (x, y) => `f32x4.div(${x}, ${y})`,
  pow: (x, y) => `pow4(${x}, ${y})`,
  maximum: (x, y) => `f32x4.max(${x}, ${y})`,
  minimum: (x, y) => `f32x4.min(${x}, ${y})`,
  greater: (x, y) => `v128.and(f32x4.gt(${x}, ${y}), one)`,
  greaterEqual: (x, y) => `v128.and(f32x4.ge(${x}, ${y}), one)`,
  equal: (x, y) => `v128.and(f32x4.eq(${x}, ${y}), one)`,
  notEqual: (x, y) => `v128.and(f32x4.ne(${x}, ${y}), one)`,
  leakyRelu: (x, slope) => `v128.bitselect(${x}, f32x4.mul(${x}, ${slope}), f32x4.gt(${x}, zero))`,
  leakyReluSlope: (x, slope) => `v128.bitselect(one, ${slope}, f32x4.gt(${x}, zero))`,
  squaredDifference: (x, y) => `f32x4.mul(f32x4.sub(${x}, ${y}), f32x4.sub(${x}, ${y}))`,
  reluGradient: (g, y) => `v128.andnot(${g}, f32x4.le(${y}, zero))`,
  sigmoidGradient: (g, y) => `f32x4.mul(f32x4.mul(${g}, ${y}), f32x4.sub(one, ${y}))`,
  tanhGradient: (g, y) => `f32x4.mul(${g}, f32x4.sub(one, f32x4.mul(${y}, ${y})))`,
};

const integerExpressions: Partial<Record<BinaryKind, (x: string, y: string) => string>> = {
  greater: (x, y) => `v128.and(i32x4.gt_s(${x}, ${y}), one)`,
  greaterEqual: (x, y) => `v128.and(i32x4.ge_s(${x}, ${y}), one)`,
  equal: (x, y) => `v128.and(i32x4.eq(${x}, ${y}), one)`,
  notEqual: (x, y) => `v128.and(i32x4.ne(${x}, ${y}), one)`,
};

/** The binary loops in the order of their numbers. */
const binaryLoops: readonly (readonly [string, (x: string, y: string) => string])[] = [
  ...binaryKinds.map((kind) => [kind, binaryExpressions[kind]] as const),
  ...integerKinds.map((kind) => [`${kind}Integer`, integerExpressions[kind]!] as const),
];

const calledKinds: readonly string[] = ["log1p", "sin", "cos", "softplus", "pow"] satisfies (
  UnaryKind | BinaryKind
)[];

/** A line for each of the two vectors. */
const pair = (line: (j: number) => string): string => `${line(0)}\n    ${line(1)}`;

/** The loop over pairs of vectors; what is left of a row goes one by one. */
const whilePairs = (name: string, body: string): string =>
  calledKinds.includes(name) ? "" : `for (; i + 8 <= n; i += 8) {${body}\n  }`;

const unaryLoop = (name: string, expression: (x: string) => string): string => `
function ${name}Loop(px: usize, out: usize, n: i32): void {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  let i = 0;
  ${whilePairs(
    name,
    `
    ${pair((j) => `const x${j} = v128.load(px, ${16 * j});`)}
    ${pair((j) => `const z${j} = ${expression(`x${j}`)};`)}
    ${pair((j) => `v128.store(out, z${j}, ${16 * j});`)}
    px += 32; out += 32;`,
  )}
  for (; i < n; i += 4) {
    const x = lanesAt(px, n - i);
    putLanes(out, ${expression("x")}, n - i);
    px += 16; out += 16;
  }
}`;

/** Three loops an operation: both operands read along the row, or one of them repeated. */
const binaryLoop = (name: string, expression: (x: string, y: string) => string): string => {
  const loop = (suffix: string, xMoves: boolean, yMoves: boolean): string => {
    const [x, y] = [(j: number) => (xMoves ? `x${j}` : "x"), (j: number) => (yMoves ? `y${j}` : "y")];
    return `
function ${name}${suffix}(px: usize, py: usize, out: usize, n: i32): void {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  ${xMoves ? "" : "const x = v128.load_splat<f32>(px);"}${yMoves ? "" : "const y = v128.load_splat<f32>(py);"}
  let i = 0;
  ${whilePairs(
    name,
    `
    ${xMoves ? pair((j) => `const x${j} = v128.load(px, ${16 * j});`) : ""}
    ${yMoves ? pair((j) => `const y${j} = v128.load(py, ${16 * j});`) : ""}
    ${pair((j) => `const z${j} = ${expression(x(j), y(j))};`)}
    ${pair((j) => `v128.store(out, z${j}, ${16 * j});`)}
    ${xMoves ? "px += 32;" : ""} ${yMoves ? "py += 32;" : ""} out += 32;`,
  )}
  for (; i < n; i += 4) {
    ${xMoves ? "const x = lanesAt(px, n - i); px += 16;" : ""}
    ${yMoves ? "const y = lanesAt(py, n - i); py += 16;" : ""}
    putLanes(out, ${expression("x", "y")}, n - i);
    out += 16;
  }
}`;
  };
  return loop("Both", true, true) + loop("Left", true, false) + loop("Right", false, true);
};

export function elementwiseSource(): string {
  return `// Generated by generate/elementwise.ts.
import { address, chunkCount, chunkStart, integer } from "./args";
import { lanesAt, putLanes } from "./lanes";
import { exp4, log4, sigmoid4, tanh4 } from "./math";
import { cos4, sin4 } from "./trigonometry";
import { log1p4, pow4, softplus4 } from "./wide";
${unaryKinds.map((kind) => unaryLoop(kind, unaryExpressions[kind])).join("\n")}
${binaryLoops.map(([name, expression]) => binaryLoop(name, expression)).join("\n")}

export function unary(kind: i32, x: usize, out: usize, n: i32): void {
  switch (kind) {
${unaryKinds.map((name, kind) => `    case ${kind}: ${name}Loop(x, out, n); break;`).join("\n")}
  }
}

// n, chunk, kind, x, out
export function unaryJob(args: usize, chunk: i32, scratch: usize): void {
  const skip = <usize>chunkStart(args, chunk) << 2;
  unary(integer(args, 2), address(args, 3) + skip, address(args, 4) + skip, chunkCount(args, chunk));
}

// Rows of \`columns\` elements; the row and column strides, in bytes, are 0 where an operand is repeated.
export function binary(
  kind: i32, x: usize, xRow: usize, xColumn: usize, y: usize, yRow: usize, yColumn: usize,
  out: usize, rows: i32, columns: i32,
): void {
  for (let row = 0; row < rows; row++) {
    switch (kind) {
${binaryLoops
  .map(
    ([name], kind) => `      case ${kind}:
        if (xColumn && yColumn) ${name}Both(x, y, out, columns);
        else if (xColumn) ${name}Left(x, y, out, columns);
        else ${name}Right(x, y, out, columns);
        break;`,
  )
  .join("\n")}
    }
    x += xRow;
    y += yRow;
    out += <usize>columns << 2;
  }
}

// Four bytes of x where the condition is not 0, else of y.
export function where(condition: usize, x: usize, y: usize, out: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < n; i += 4) {
    const chosen = f32x4.ne(lanesAt(condition, n - i), zero);
    putLanes(out, v128.bitselect(lanesAt(x, n - i), lanesAt(y, n - i), chosen), n - i);
    condition += 16; x += 16; y += 16; out += 16;
  }
}

// n, chunk, condition, x, y, out
export function whereJob(args: usize, chunk: i32, scratch: usize): void {
  const skip = <usize>chunkStart(args, chunk) << 2;
  where(address(args, 2) + skip, address(args, 3) + skip, address(args, 4) + skip, address(args, 5) + skip,
    chunkCount(args, chunk));
}

// n, chunk, kind, x, whether x moves, y, whether y moves, out
export function binaryJob(args: usize, chunk: i32, scratch: usize): void {
  const skip = <usize>chunkStart(args, chunk) << 2;
  const xColumn = address(args, 4), yColumn = address(args, 6);
  binary(integer(args, 2), address(args, 3) + (xColumn ? skip : 0), 0, xColumn,
    address(args, 5) + (yColumn ? skip : 0), 0, yColumn, address(args, 7) + skip, 1, chunkCount(args, chunk));
}
`;
}
