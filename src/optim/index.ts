export { Adam } from "./adam.ts";
export type { AdamOptions } from "./adam.ts";
export { Momentum } from "./momentum.ts";
export type { MomentumOptions } from "./momentum.ts";
export { Optimizer } from "./optimizer.ts";
export type { OptimizerState } from "./optimizer.ts";
export { SGD } from "./sgd.ts";
export type { SGDOptions } from "./sgd.ts";
