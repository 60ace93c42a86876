type Kernel = (...args: number[]) => void;

/** The exports of kernels.wasm; their parameters stand in assembly/. */
export interface Kernels {
  readonly run: (job: number, args: number, chunk: number, scratch: number) => void;
  readonly gemm8: Kernel;
  readonly gemm16: Kernel;
  readonly unary: Kernel;
  readonly binary: Kernel;
  readonly sum: Kernel;
  readonly joinPieces: Kernel;
  readonly softmax: Kernel;
  readonly logSoftmax: Kernel;
  readonly crossEntropy: Kernel;
  readonly where: Kernel;
  readonly sgdStep: Kernel;
  readonly momentumStep: Kernel;
  readonly lookAhead: Kernel;
  readonly nesterovStep: Kernel;
  readonly adaGradStep: Kernel;
  readonly rmsPropStep: Kernel;
  readonly adaDeltaStep: Kernel;
  readonly adamStep: Kernel;
  readonly adamWStep: Kernel;
  readonly packPanels: Kernel;
  readonly embedding: Kernel;
  readonly embeddingGradient: Kernel;
  readonly packWeights: Kernel;
  readonly CONVOLUTION_BAND: WebAssembly.Global;
  readonly CONVOLUTION_SCRATCH: WebAssembly.Global;
  readonly GEMM_SCRATCH: WebAssembly.Global;
}
