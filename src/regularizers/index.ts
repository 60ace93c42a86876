export { elasticNet } from "./elasticNet.ts";
export type { ElasticNetStrengths } from "./elasticNet.ts";
export { featureSelection } from "./featureSelection.ts";
export type { FeatureSelection } from "./featureSelection.ts";
export { l1 } from "./l1.ts";
export { l2 } from "./l2.ts";
export type { Regularizer, RegularizerOptions } from "./regularizer.ts";
