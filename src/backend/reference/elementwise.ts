import { exp, log, sigmoid, tanh } from "../../util/math.ts";
import type { BinaryKind, UnaryKind } from "../backend.ts";

/** Each function on one float64; storing into the result's own width rounds it. */
export const unaryFunctions: Record<UnaryKind, (x: number) => number> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  exp,
  log,
  sqrt: Math.sqrt,
  relu: (x) => Math.max(x, 0),
  sigmoid,
  tanh,
};

/** Rounds to the width of the computation: `Math.fround`, or nothing for float64. */
export type Rounding = (x: number) => number;

/** `round` stands wherever one operation feeds another. */
export const binaryFunctions: Record<BinaryKind, (x: number, y: number, round: Rounding) => number> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  greater: (x, y) => (x > y ? 1 : 0),
  greaterEqual: (x, y) => (x >= y ? 1 : 0),
  equal: (x, y) => (x === y ? 1 : 0),
  reluGradient: (g, y) => (y > 0 ? g : 0),
  sigmoidGradient: (g, y, round) => round(g * y) * round(1 - y),
  tanhGradient: (g, y, round) => g * round(1 - round(y * y)),
};
