/** The kernels that threads share, and the module of assembly/ or generate/ that exports each as `<name>Job`. */
const modules = {
  gemm8: "gemm",
  gemm16: "gemm",
  unary: "elementwise",
  binary: "elementwise",
  where: "elementwise",
  copy: "strided",
  pick: "pick",
  addPicked: "pick",
  sum: "sum",
  sumPieces: "sum",
  sumSquares: "sum",
  extreme: "extreme",
  place: "extreme",
  softmax: "softmax",
  channelSums: "normalization",
  normalize: "normalization",
  normalizeGradient: "normalization",
  sgdStep: "optimizers",
  momentumStep: "optimizers",
  lookAhead: "optimizers",
  nesterovStep: "optimizers",
  adaGradStep: "optimizers",
  rmsPropStep: "optimizers",
  adaDeltaStep: "optimizers",
  adamStep: "optimizers",
  adamWStep: "optimizers",
  rnn: "recurrence",
  rnnGradient: "recurrence",
  gru: "recurrence",
  gruGradient: "recurrence",
  lstm: "recurrence",
  lstmGradient: "recurrence",
  convolve: "convolution",
  correlate: "convolution",
  pad: "convolution",
  pool: "pooling",
  poolGradient: "pooling",
} as const;

export type Job = keyof typeof modules;

/** Each job's name and module, in the order of their numbers. */
export const jobModules: readonly (readonly [string, string])[] = Object.entries(modules);

/** A job's number, by which threads are told what to run. */
export const jobs: Readonly<Record<Job, number>> = Object.fromEntries(
  jobModules.map(([name], number) => [name, number]),
) as Record<Job, number>;
