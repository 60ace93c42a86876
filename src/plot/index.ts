export { Figure, figure } from "./figure.ts";
export type { FigureParts } from "./figure.ts";
export { lossCurves } from "./lossCurves.ts";
export type { LossCurvesOptions } from "./lossCurves.ts";
