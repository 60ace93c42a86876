export { crossEntropy } from "./crossEntropy.ts";
export type { LossOptions } from "./reduction.ts";
