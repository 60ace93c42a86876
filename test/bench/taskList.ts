import { peakOperations } from "./peak.ts";

/** What a task is called, and for single kernels the unit that says more than steps a second. */
export interface TaskInfo {
  readonly title: string;
  readonly unit?: string;
  /** Turns steps a second into the unit. */
  readonly convert?: (stepsPerSecond: number) => number;
}

/** Elements of a pointwise kernel's operands: small enough for the second cache. */
export const POINTWISE_ELEMENTS = 65536;
/** Elements of a bandwidth kernel's operands: too many for any cache. */
export const BANDWIDTH_ELEMENTS = 16_777_216;
/** Operations in the tiny graph. */
export const GRAPH_OPERATIONS = 30;

export const pointwiseNames = ["add", "mul", "relu", "exp", "log", "tanh", "sigmoid"] as const;
export const productSizes = [256, 512, 1024] as const;

const perSecond = (title: string, unit: string, amount: number): TaskInfo => ({
  title,
  unit,
  convert: (stepsPerSecond) => (stepsPerSecond * amount) / 1e9,
});

const perOperation = (title: string): TaskInfo => ({
  title,
  unit: "ns",
  convert: (stepsPerSecond) => 1e9 / (stepsPerSecond * GRAPH_OPERATIONS),
});

/** T1–T7: float32; a step is forward, loss, backward and Adam unless the title says otherwise. */
const training: Record<string, TaskInfo> = {
  T1: { title: "MLP 784-256-128-10, batch 64" },
  T2: { title: "LeNet, 28×28, batch 64" },
  T3: { title: "character LSTM, hidden 128, 64 steps, batch 32" },
  T4: { title: "MLP 2-16-16-1, tanh, batch 32" },
  T5: { title: "Adam update of 1,000,000" },
  T6_64x784x256: { title: "matmul 64×784×256, forward" },
  T6_512: { title: "matmul 512³, forward" },
  T6_1024: { title: "matmul 1024³, forward" },
  T7: { title: "conv 3×3, 32→32, 32×32, batch 32, without Adam" },
};

/** What the steps above are made of. */
const kernels: Record<string, TaskInfo> = {
  peak_128: perSecond("mul and add in registers, 128 bits, one core", "GFLOP/s", peakOperations(128)),
  peak_256: perSecond("mul and add in registers, 256 bits, one core", "GFLOP/s", peakOperations(256)),
  ...Object.fromEntries(
    productSizes.map((n) => [`gemm_${n}`, perSecond(`matmul ${n}³`, "GFLOP/s", 2 * n * n * n)]),
  ),
  ...Object.fromEntries(
    pointwiseNames.map((name) => [
      name,
      perSecond(`${name} of ${POINTWISE_ELEMENTS} numbers`, "G/s", POINTWISE_ELEMENTS),
    ]),
  ),
  copy: perSecond("read 64 MiB, write 64 MiB (neg)", "GB/s", 8 * BANDWIDTH_ELEMENTS),
  saxpy: perSecond("y − ax over 64 MiB each (SGD step)", "GB/s", 12 * BANDWIDTH_ELEMENTS),
  graph_forward: perOperation("an operation of a tiny graph, forward"),
  graph_backward: perOperation("the same, forward and backward"),
};

export const taskList: Readonly<Record<string, TaskInfo>> = { ...training, ...kernels };

/**
 * The tasks that `--tasks` names: `T6` stands for all that begin with `T6_`, `kernels` for all single kernels.
 * @throws RangeError for a name that stands for none
 */
export function chooseTasks(names: readonly string[]): string[] {
  if (names.length === 0) return Object.keys(training);
  return names.flatMap((name) => {
    if (name === "kernels") return Object.keys(kernels);
    const found = Object.keys(taskList).filter((task) => task === name || task.startsWith(`${name}_`));
    if (found.length === 0)
      throw new RangeError(`bench: no task "${name}"; known: kernels, ${Object.keys(taskList).join(", ")}`);
    return found;
  });
}
