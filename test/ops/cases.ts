import * as ops from "../../src/ops/index.ts";
import { type Pair, placesOf } from "../../src/backend/window.ts";
import type { Op } from "../../src/ops/index.ts";

/** Numbers from low to high (default −2 to 2), all different; or whole numbers, as given. */
export interface Input {
  readonly shape: readonly number[];
  readonly low?: number;
  readonly high?: number;
  readonly indices?: readonly number[];
}

export interface Case<Options = unknown> {
  readonly inputs: readonly Input[];
  readonly options?: Options;
}

const of = (shape: readonly number[], low = -2, high = 2): Input => ({ shape, low, high });
const indices = (shape: readonly number[], ...numbers: number[]): Input => ({ shape, indices: numbers });

/** An image and its window: sizes of the kernel, stride and padding along both axes. */
const window = (
  kernel: Pair,
  stride: Pair = [1, 1],
  padding: Pair = [0, 0],
): { kernel: Pair; stride: Pair; padding: Pair } => ({ kernel, stride, padding });

const images = of([2, 5, 6, 3]);
/** A window over `images`, one that meets every edge, and its weights and bias. */
const convolutions = [
  window([1, 1]),
  window([3, 2]),
  window([2, 3], [2, 1], [1, 2]),
  window([3, 3], [2, 3], [2, 0]),
  window([1, 2], [3, 3]),
].map((window) => ({ window, weights: of([2, ...window.kernel, 3]), bias: of([2], -1, 1) }));

type OptionsOf<O> = O extends Op<infer Options> ? Options : never;

const shapes: readonly (readonly number[])[] = [[], [1], [5], [2, 3], [2, 1, 3], [0], [2, 0]];

/** Every way in which two operands broadcast. */
export const broadcasts: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [[3], [2, 3]],
  [
    [2, 1],
    [1, 3],
  ],
  [
    [1, 3],
    [2, 3],
  ],
  [[2, 3], []],
  [[], [4]],
  [[], []],
  [
    [4, 1, 3],
    [2, 1],
  ],
  [[1], [2, 2, 2]],
  [
    [3, 4, 2],
    [1, 1, 2],
  ],
  [
    [1, 4, 1],
    [3, 1, 2],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [[1, 1], [1]],
  [[0], [1]],
  [[2, 1], [0]],
  [
    [0, 3],
    [1, 3],
  ],
];

const unary = (low = -2, high = 2): Case<void>[] =>
  shapes.map((shape) => ({ inputs: [of(shape, low, high)] }));
const binary = (low = -2, high = 2): Case<void>[] =>
  broadcasts.map(([left, right]) => ({ inputs: [of(left, low, high), of(right, 0.5, 3)] }));
const withEach = <Options>(shape: readonly number[], ...options: Options[]): Case<Options>[] =>
  options.map((option) => ({ inputs: [of(shape)], options: option }));

const axes = [[], [0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]];
const reductions = axes.flatMap((axes) => [false, true].map((keepDims) => ({ axes, keepDims })));
const places = [[0], [1], [2], [0, 1, 2]].map((axes) => ({ axes, keepDims: false }));

/** Operations whose layers have all these tests in a file of their own. */
export const elsewhere = {
  gru: "test/nn/recurrence.test.ts",
  lastCell: "test/nn/recurrence.test.ts",
  lastStep: "test/nn/recurrence.test.ts",
  lstm: "test/nn/recurrence.test.ts",
  rnn: "test/nn/recurrence.test.ts",
} as const;

type Name = Exclude<keyof typeof ops, keyof typeof elsewhere>;

/** Every other operation with inputs that show it, the empty ones included. A table without one does not compile. */
export const cases: { readonly [N in Name]: readonly Case<OptionsOf<(typeof ops)[N]>>[] } = {
  abs: unary(),
  add: binary(),
  argmax: withEach([3, 2, 4], ...places),
  argmin: withEach([3, 2, 4], ...places),
  batchNormalization: [
    { inputs: [of([5, 3]), of([3], 0.5, 2), of([3])], options: { epsilon: 1e-5 } },
    { inputs: [of([2, 3, 2, 10]), of([10], 0.5, 2), of([10])], options: { epsilon: 0.1 } },
    { inputs: [of([4, 1]), of([1], 0.5, 2), of([1])], options: { epsilon: 1e-5 } },
  ],
  cast: withEach([2, 3], "float64", "float32"),
  clamp: withEach([2, 3], { low: -0.9, high: 1.1 }, { low: -Infinity, high: 0 }),
  concat: [
    { inputs: [of([2, 3]), of([1, 3]), of([0, 3])], options: 0 },
    { inputs: [of([2, 1, 2]), of([2, 3, 2])], options: 1 },
    { inputs: [of([2, 2]), of([2, 1])], options: 1 },
    { inputs: [of([0])], options: 0 },
  ],
  conv2d: [
    ...convolutions.flatMap(({ window, weights, bias }) => [
      { inputs: [images, weights, bias], options: { window } },
      { inputs: [images, weights], options: { window, activation: "relu" as const } },
    ]),
    { inputs: [of([0, 3, 3, 2]), of([2, 2, 2, 2]), of([2])], options: { window: window([2, 2]) } },
    { inputs: [of([1, 1, 1, 1]), of([1, 1, 1, 1]), of([1])], options: { window: window([1, 1]) } },
  ],
  convTranspose2d: [
    ...convolutions.flatMap(({ window, weights, bias }) => {
      const size = [5, 6] as const;
      const inputs = [of([2, ...placesOf(size, window), 3]), weights];
      return [inputs, [...inputs, bias]].map((inputs) => ({ inputs, options: { window, size } }));
    }),
    {
      inputs: [of([0, 2, 2, 2]), of([2, 2, 2, 2]), of([2])],
      options: { window: window([2, 2]), size: [3, 3] },
    },
  ],
  cos: unary(),
  crossEntropy: [
    { inputs: [of([3, 4]), indices([3], 2, 0, 3)] },
    { inputs: [of([1, 1]), indices([1], 0)] },
    { inputs: [of([0, 3]), indices([0])] },
  ],
  div: binary(),
  embedding: [
    { inputs: [of([4, 3]), indices([5], 0, 2, 2, 3, 2)] },
    { inputs: [of([4, 3]), indices([2, 2], 1, 1, 0, 3)] },
    { inputs: [of([4, 3]), indices([0])] },
  ],
  equal: binary(),
  exp: unary(),
  expand: [
    { inputs: [of([3])], options: [2, 3] },
    { inputs: [of([2, 1, 3])], options: [2, 4, 3] },
    { inputs: [of([])], options: [2, 2] },
    { inputs: [of([1])], options: [0] },
  ],
  flip: withEach([2, 3, 4], [0], [1, 2], [0, 1, 2], []).concat([{ inputs: [of([0, 2])], options: [0] }]),
  gather: [
    { inputs: [of([3, 4]), indices([3, 2], 0, 3, 2, 2, 1, 0)], options: 1 },
    { inputs: [of([3, 4]), indices([2, 3], 0, 2, 2, 0, 2, 1)], options: 0 },
    { inputs: [of([2, 2, 3]), indices([1, 4, 2], 0, 1, 1, 0, 1, 1, 0, 0)], options: 1 },
    { inputs: [of([3]), indices([0])], options: 0 },
  ],
  greater: binary(),
  greaterEqual: binary(),
  leakyRelu: withEach([2, 3], 0.01, 0.2, 0),
  less: binary(),
  lessEqual: binary(),
  linear: [
    { inputs: [of([3, 4]), of([4, 2]), of([2])] },
    { inputs: [of([1, 1]), of([1, 1]), of([1])] },
    { inputs: [of([0, 4]), of([4, 2]), of([2])] },
    { inputs: [of([3, 4]), of([4, 2])] },
    { inputs: [of([3, 4]), of([4, 2]), of([2])], options: "relu" as const },
    { inputs: [of([3, 4]), of([4, 2])], options: "relu" as const },
  ],
  log: unary(0.2, 3),
  log1p: unary(-0.9, 3),
  logSoftmax: [[1], [5], [2, 3], [2, 1, 3], [2, 0]].map((shape) => ({ inputs: [of(shape)] })),
  matmul: [
    ...[false, true].flatMap((left) =>
      [false, true].flatMap((right) => {
        const [a, b] = [left ? [4, 3] : [3, 4], right ? [2, 4] : [4, 2]];
        // One matrix with one, many with one, one with many, many with as many, and both repeated.
        const leading = [[[], []], [[5], []], [[], [5]], [[5], [5]], [[2, 1], [3]]]; // prettier-ignore
        return leading.map(([front, other]) => ({
          inputs: [of([...front, ...a]), of([...other, ...b])],
          options: { left, right },
        }));
      }),
    ),
    ...[
      [[1, 1], [1, 1]],
      [[2, 0], [0, 3]],
      [[0, 2, 3], [3, 2]],
      [[2, 2, 0], [0, 3]],
      [[2, 0, 3], [2, 3, 1]],
    ].map(([a, b]) => ({ inputs: [of(a), of(b)], options: { left: false, right: false } })), // prettier-ignore
  ],
  max: withEach([3, 2, 4], ...reductions),
  maximum: binary(),
  min: withEach([3, 2, 4], ...reductions),
  minimum: binary(),
  mul: binary(),
  neg: unary(),
  notEqual: binary(),
  pad: [
    ...withEach(
      [2, 3],
      ...[
        [
          [0, 0],
          [1, 2],
        ],
        [
          [2, 0],
          [0, 1],
        ],
        [
          [0, 0],
          [0, 0],
        ],
      ].map((amounts) => ({ amounts: amounts as [number, number][], value: 0.5 })),
    ),
    { inputs: [of([0])], options: { amounts: [[1, 1]], value: -1 } },
    { inputs: [of([])], options: { amounts: [], value: 0 } },
  ],
  permute: withEach([2, 3, 4], [0, 1, 2], [2, 0, 1], [1, 0, 2], [2, 1, 0]),
  pool2d: (["max", "sum", "average"] as const).flatMap((kind) => [
    ...withEach(
      images.shape,
      ...[window([2, 2], [2, 2]), window([3, 2], [1, 2], [1, 1]), window([2, 3], [3, 1], [1, 0])].map(
        (window) => ({
          kind,
          window,
        }),
      ),
    ),
    { inputs: [of([0, 2, 2, 3])], options: { kind, window: window([2, 2], [2, 2]) } },
    { inputs: [of([1, 1, 1, 1])], options: { kind, window: window([1, 1], [1, 1]) } },
  ]),
  pow: binary(0.3, 2.5),
  powNumber: [2, 3, 0.5, -1, -2, 4, 1, 0, 2.5, -0.5].flatMap((options) => [
    { inputs: [of([2, 3], 0.3, 2.5)], options },
    ...(Number.isInteger(options) ? [{ inputs: [of([5])], options }] : []),
  ]),
  relu: unary(),
  reshape: [
    ...withEach([2, 3, 4], [4, 6], [24], [1, 2, 12]),
    { inputs: [of([1])], options: [] },
    { inputs: [of([0, 2])], options: [5, 0] },
  ],
  sigmoid: unary(),
  sin: unary(),
  slice: withEach(
    [4, 3, 2],
    { axis: 0, start: 1, count: 2, step: 1 },
    { axis: 1, start: 0, count: 2, step: 2 },
    { axis: 2, start: 1, count: 1, step: 3 },
    { axis: 0, start: 4, count: 0, step: 1 },
  ),
  softmax: [[1], [5], [2, 3], [2, 1, 3], [2, 0]].map((shape) => ({ inputs: [of(shape)] })),
  softplus: unary(),
  sqrt: unary(0.2, 3),
  squaredDifference: binary(),
  squaredError: [[2, 3], [1], []].map((shape) => ({ inputs: [of(shape), of(shape)], options: 7 })),
  sub: binary(),
  sum: withEach([3, 2, 4], ...reductions).concat(withEach([2, 0, 3], ...reductions)),
  tanh: unary(),
  variance: withEach(
    [3, 2, 4],
    ...[[0], [1], [1, 2], [0, 2], [0, 1, 2]].flatMap((axes) =>
      [0, 1].map((correction) => ({ axes, keepDims: correction === 0, correction })),
    ),
  ),
  where: [
    ...broadcasts.map(([left, right]) => ({ inputs: [of(left), of(right), of(left)] })),
    { inputs: [of([2, 3]), of([]), of([3])] },
    { inputs: [of([3]), of([2, 1]), of([])] },
    { inputs: [of([]), of([2]), of([2, 2])] },
  ],
};

/** Their output is a step or a place, which has no gradient. */
export const steps: readonly Name[] = [
  ...(["argmax", "argmin"] as const),
  ...(["equal", "greater", "greaterEqual", "less", "lessEqual", "notEqual"] as const),
];

/** Made of more than + − × ÷ √, so that the backends agree within rounding only. */
export const approximate: readonly Name[] = [
  ...(["cos", "crossEntropy", "exp", "log", "log1p", "logSoftmax", "pow", "powNumber"] as const),
  ...(["sigmoid", "sin", "softmax", "softplus", "tanh"] as const),
];

/** The operations of the table. */
export const operations = (Object.entries(ops) as [Name, Op<unknown>][]).filter(([name]) => name in cases);
