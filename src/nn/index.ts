export { Flatten } from "./flatten.ts";
export { Linear } from "./linear.ts";
export type { LinearOptions } from "./linear.ts";
export { Module } from "./module.ts";
export { ReLU } from "./relu.ts";
export { Sequential } from "./sequential.ts";
export type { SavedArray, StateDict } from "./stateDict.ts";
export { Tanh } from "./tanh.ts";
