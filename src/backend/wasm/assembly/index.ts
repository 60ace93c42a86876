// The module's exports.
export { binary, unary } from "./elementwise";
export { embedding, embeddingGradient } from "./embedding";
export { gemm8, gemm16, GEMM_SCRATCH } from "./gemm";
export { adamStep, momentumStep, sgdStep } from "./optimizers";
export { argmax, reduce } from "./reduce";
export { packPanels } from "./recurrentSteps";
export { run } from "./run";
export { crossEntropy, crossEntropyGradient, logSoftmax, softmax } from "./softmax";
export { gather4, scatter4 } from "./strided";
