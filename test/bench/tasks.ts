/** Our side of every task, through the public API. */
import { nn, optim, random, Tensor } from "../../src/index.ts";
import type { Step } from "./measure.ts";
import { peak } from "./peak.ts";
import {
  BANDWIDTH_ELEMENTS,
  GRAPH_OPERATIONS,
  POINTWISE_ELEMENTS,
  pointwiseNames,
  productSizes,
} from "./taskList.ts";
import { trainings } from "./trainings.ts";

/** Makes a task ready and answers its step. */
type Task = () => Step | Promise<Step>;

function adamUpdate(): Step {
  const weights = Tensor.randn([1_000_000], { requiresGrad: true });
  weights.grad = Tensor.randn([1_000_000]);
  const optimizer = new optim.Adam([weights]);
  return () => optimizer.step();
}

function product(m: number, k: number, n: number): Step {
  const [a, b] = [Tensor.randn([m, k]), Tensor.randn([k, n])];
  return () => a.matmul(b).dispose();
}

function convolution(): Step {
  const layer = new nn.Conv2d(32, 32, 3, { padding: 1 });
  const inputs = Tensor.randn([32, 32, 32, 32], { requiresGrad: true });
  const leaves = [inputs, ...layer.parameters()];
  return () => {
    for (const leaf of leaves) leaf.grad = null;
    Tensor.scope(() => layer.forward(inputs).sum().backward());
  };
}

function pointwise(name: (typeof pointwiseNames)[number]): Step {
  const [x, y] = [Tensor.uniform([POINTWISE_ELEMENTS], 0.1, 2), Tensor.randn([POINTWISE_ELEMENTS])];
  if (name === "add" || name === "mul") return () => x[name](y).dispose();
  return () => x[name]().dispose();
}

function copy(): Step {
  const x = Tensor.ones([BANDWIDTH_ELEMENTS]);
  return () => x.neg().dispose();
}

function saxpy(): Step {
  const y = Tensor.ones([BANDWIDTH_ELEMENTS], { requiresGrad: true });
  y.grad = Tensor.ones([BANDWIDTH_ELEMENTS]);
  const descent = new optim.SGD([y], { learningRate: 1e-6 });
  return () => descent.step();
}

/** A chain of products, sums and tanh over two numbers: what is left is the cost of an operation itself. */
function chain(w: Tensor): Tensor {
  let x = w;
  for (let i = 0; i < GRAPH_OPERATIONS; i += 3) x = x.mul(w).add(w).tanh();
  return x;
}

function tinyGraph(): { forward: Step; backward: Step } {
  const w = Tensor.from([0.5, -0.5], [2], { requiresGrad: true });
  return {
    forward: () => Tensor.noGrad(() => Tensor.scope(() => void chain(w))),
    backward: () => {
      w.grad = null;
      Tensor.scope(() => chain(w).sum().backward());
    },
  };
}

const tasks: Readonly<Record<string, Task>> = {
  ...Object.fromEntries(Object.entries(trainings).map(([name, make]) => [name, () => make().step])),
  T5: adamUpdate,
  T6_64x784x256: () => product(64, 784, 256),
  T6_512: () => product(512, 512, 512),
  T6_1024: () => product(1024, 1024, 1024),
  T7: convolution,
  peak_128: () => peak(128),
  peak_256: () => peak(256),
  ...Object.fromEntries(productSizes.map((n) => [`gemm_${n}`, () => product(n, n, n)])),
  ...Object.fromEntries(pointwiseNames.map((name) => [name, () => pointwise(name)])),
  copy,
  saxpy,
  graph_forward: () => tinyGraph().forward,
  graph_backward: () => tinyGraph().backward,
};

/** The seeded step of a task; undefined for one that is not there. */
export function prepare(name: string): Step | Promise<Step> | undefined {
  random.seed(1);
  return tasks[name]?.();
}
