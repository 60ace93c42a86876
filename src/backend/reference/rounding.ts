import type { DType } from "../backend.ts";

/** Rounds to the width of the computation: `Math.fround`, or nothing for float64. */
export type Rounding = (x: number) => number;

/** It stands wherever one operation feeds another; storing into the result's own width rounds the last. */
export const rounding = (dtype: DType): Rounding => (dtype === "float64" ? (x) => x : Math.fround);
