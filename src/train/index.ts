export { accuracy } from "./accuracy.ts";
export { activations } from "./activations.ts";
export type { ActivationsOptions } from "./activations.ts";
export type { Callback, CallbackState } from "./callback.ts";
export { checkpoint } from "./checkpoint.ts";
export type { CheckpointOptions } from "./checkpoint.ts";
export { compareOptimizers, Comparison } from "./compareOptimizers.ts";
export type { CompareOptions } from "./compareOptimizers.ts";
export { confusionMatrix, ConfusionMatrix } from "./confusionMatrix.ts";
export type { ConfusionMatrixOptions } from "./confusionMatrix.ts";
export { earlyStopping } from "./earlyStopping.ts";
export type { EarlyStoppingOptions } from "./earlyStopping.ts";
export { evaluate } from "./evaluate.ts";
export type { EvaluateOptions, Evaluation, Loss } from "./evaluate.ts";
export { fit } from "./fit.ts";
export type { FitOptions } from "./fit.ts";
export { generate } from "./generate.ts";
export type { GenerateOptions } from "./generate.ts";
export { gradientCheck, GradientCheck } from "./gradientCheck.ts";
export type { CheckedParameter, GradientCheckOptions } from "./gradientCheck.ts";
export { gradientNorms } from "./gradientNorms.ts";
export type { GradientNormsOptions } from "./gradientNorms.ts";
export { History } from "./history.ts";
export type {
  EpochRecord,
  GradientNorms,
  Histogram,
  HistoryState,
  HistoryStatus,
  WeightHistograms,
  LayerActivations,
  UpdateRatios,
} from "./history.ts";
export { lastHistories } from "./lastHistories.ts";
export { learningRateFinder, LearningRateSearch } from "./learningRateFinder.ts";
export type { LearningRateFinderOptions } from "./learningRateFinder.ts";
export type { Metric, Metrics } from "./metrics.ts";
export type { MonitorOptions } from "./monitor.ts";
export { overfitOneBatch, OverfitReport } from "./overfitOneBatch.ts";
export type { OverfitOptions } from "./overfitOneBatch.ts";
export { predict } from "./predict.ts";
export type { PredictOptions } from "./predict.ts";
export { progress } from "./progress.ts";
export type { ProgressOptions } from "./progress.ts";
export { reduceLearningRateOnPlateau } from "./reduceLearningRateOnPlateau.ts";
export type { ReduceLearningRateOptions } from "./reduceLearningRateOnPlateau.ts";
export type { Live, RunOptions } from "./runTrainings.ts";
export { timeStepGradientNorms } from "./timeStepGradientNorms.ts";
export type { Tracker } from "./tracker.ts";
export type { Training } from "./training.ts";
export type { Batches, Regularizer, TrainingParts } from "./trainingParts.ts";
export { updateRatios } from "./updateRatios.ts";
export type { UpdateRatiosOptions } from "./updateRatios.ts";
export { weightHistograms } from "./weightHistograms.ts";
export type { WeightHistogramsOptions } from "./weightHistograms.ts";
