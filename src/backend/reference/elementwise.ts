import { exp, log, log1p, pow, sigmoid, softplus, tanh } from "../../util/math.ts";
import { broadcastShapes } from "../../util/shape.ts";
import { cos, sin } from "../../util/trigonometry.ts";
import type { BinaryKind, ElementwiseBackend, MakeArray, UnaryKind } from "../backend.ts";
import { broadcastStrides, offsets } from "../view.ts";
import { type Rounding, rounding } from "./rounding.ts";

/** Each function on one float64; storing into the result's own width rounds it. */
export const unaryFunctions: Record<UnaryKind, (x: number) => number> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  exp,
  log,
  log1p,
  sqrt: Math.sqrt,
  sin,
  cos,
  relu: (x) => Math.max(x, 0),
  sigmoid,
  tanh,
  softplus,
};

/** `round` stands wherever one operation feeds another. */
const binaryFunctions: Record<BinaryKind, (x: number, y: number, round: Rounding) => number> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  pow,
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  greater: (x, y) => (x > y ? 1 : 0),
  greaterEqual: (x, y) => (x >= y ? 1 : 0),
  equal: (x, y) => (x === y ? 1 : 0),
  notEqual: (x, y) => (x !== y ? 1 : 0),
  leakyRelu: (x, slope) => (x > 0 ? x : x * slope),
  leakyReluSlope: (x, slope) => (x > 0 ? 1 : slope),
  squaredDifference: (x, y, round) => {
    const difference = round(x - y);
    return difference * difference;
  },
  reluGradient: (g, y) => (y <= 0 ? 0 : g),
  sigmoidGradient: (g, y, round) => round(g * y) * round(1 - y),
  tanhGradient: (g, y, round) => g * round(1 - round(y * y)),
};

export const elementwise = (make: MakeArray): ElementwiseBackend => ({
  unary(kind, x) {
    const apply = unaryFunctions[kind];
    const out = make(x.shape, x.dtype);
    for (let i = 0; i < x.size; i++) out.data[i] = apply(x.data[i]);
    return out;
  },

  binary(kind, x, y) {
    const apply = binaryFunctions[kind];
    const round = rounding(x.dtype);
    const shape = broadcastShapes(kind, x.shape, y.shape);
    const out = make(shape, x.dtype === "int32" ? "float32" : x.dtype);
    const left = offsets({ shape, strides: broadcastStrides(x.shape, shape), offset: 0 });
    const right = offsets({ shape, strides: broadcastStrides(y.shape, shape), offset: 0 });
    for (let i = 0; i < out.size; i++)
      out.data[i] = apply(x.data[left.next().value!], y.data[right.next().value!], round);
    return out;
  },

  where(condition, x, y) {
    const out = make(x.shape, x.dtype);
    for (let i = 0; i < out.size; i++) out.data[i] = condition.data[i] !== 0 ? x.data[i] : y.data[i];
    return out;
  },
});
