export { elasticNet } from "./elasticNet.ts";
export { featureSelection } from "./featureSelection.ts";
export type { FeatureSelection } from "./featureSelection.ts";
export { l1 } from "./l1.ts";
export { l2 } from "./l2.ts";
export { isRegularizer } from "./penalty.ts";
export type { Penalty, Regularizer, RegularizerOptions } from "./penalty.ts";
