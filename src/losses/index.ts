export { crossEntropy } from "./crossEntropy.ts";
export { meanSquaredError } from "./meanSquaredError.ts";
export type { LossOptions, Reduction } from "./reduction.ts";
export { sumSquaredError } from "./sumSquaredError.ts";
