import type { BinaryKind, PoolKind, ReduceKind, UnaryKind } from "../backend.ts";

/** The kernels' numbers are places in these lists; generate/elementwise.ts writes its cases in the same order. */
export const unaryKinds: readonly UnaryKind[] = [
  "neg",
  "abs",
  "sign",
  "exp",
  "log",
  "log1p",
  "sqrt",
  "sin",
  "cos",
  "relu",
  "sigmoid",
  "tanh",
  "softplus",
];

export const binaryKinds: readonly BinaryKind[] = [
  "add",
  "sub",
  "mul",
  "div",
  "pow",
  "maximum",
  "minimum",
  "greater",
  "greaterEqual",
  "equal",
  "notEqual",
  "leakyRelu",
  "leakyReluSlope",
  "squaredDifference",
  "reluGradient",
  "sigmoidGradient",
  "tanhGradient",
];

export const reduceKinds: readonly ReduceKind[] = ["sum", "max", "min"];

export const poolKinds: readonly PoolKind[] = ["max", "sum", "average"];
