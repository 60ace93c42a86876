import type { BinaryKind, DType, ExtremeKind, PoolKind, UnaryKind } from "../backend.ts";

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

/** Comparisons of int32, whose numbers follow those above. */
export const integerKinds: readonly BinaryKind[] = ["greater", "greaterEqual", "equal", "notEqual"];

export const binaryCode = (kind: BinaryKind, dtype: DType): number =>
  dtype === "int32" ? binaryKinds.length + integerKinds.indexOf(kind) : binaryKinds.indexOf(kind);

/** Of float32; the same of int32 follow. */
const extremeKinds: readonly ExtremeKind[] = ["max", "min"];

export const extremeCode = (kind: ExtremeKind, dtype: DType): number =>
  extremeKinds.indexOf(kind) + (dtype === "int32" ? extremeKinds.length : 0);

export const poolKinds: readonly PoolKind[] = ["max", "sum", "average"];
