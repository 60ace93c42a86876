// The module's exports.
export { CONVOLUTION_BAND, CONVOLUTION_SCRATCH, packWeights } from "./convolution";
export { binary, unary, where } from "./elementwise";
export { embedding, embeddingGradient } from "./embedding";
export { gemm8, gemm16, GEMM_SCRATCH } from "./gemm";
export {
  adaDeltaStep, adaGradStep, adamStep, adamWStep, lookAhead, momentumStep, nesterovStep, rmsPropStep, sgdStep,
} from "./optimizers";
export { packPanels } from "./recurrentSteps";
export { run } from "./run";
export { crossEntropy, logSoftmax, softmax } from "./softmax";
export { joinPieces, sum } from "./sum";
