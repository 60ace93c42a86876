import { sizeOf } from "../../util/shape.ts";
import type { RawArray } from "../backend.ts";
import { reference } from "../reference/referenceBackend.ts";
import { type Job, jobs } from "./jobs.ts";
import type { Kernels } from "./kernelExports.ts";
import { binaryKinds } from "./kinds.ts";
import { allocate, type Block, memory, releaseBlock } from "./memory.ts";

/** What a check works with. */
interface Bench {
  readonly kernels: Kernels;
  readonly bits: 128 | 256;
  /** Whether products are added unrounded. */
  readonly fused: boolean;
  readonly scratch: number;
  /** The address of a copy. */
  place(array: RawArray): number;
}

/** Does the compiled kernel give the reference's bits? */
type Check = (bench: Bench) => boolean;

/** Sizes with whole tiles and with every kind of edge. */
const [ROWS, INNER, COLUMNS] = [23, 37, 45];

/** How far a fused product of these sizes may lie from the reference's, which rounds each term once more. */
const FUSED_TOLERANCE = 1e-5;

/** In one tile's rows every third column holds something, in the next one's a single one: both pass over zeros. */
const gemm: Check = ({ kernels, bits, fused, scratch, place }) => {
  const [a, b] = [pattern([ROWS, INNER]), pattern([INNER, COLUMNS])];
  for (let i = 5 * INNER; i < 15 * INNER; i++)
    if (i < 10 * INNER ? (i % INNER) % 3 : i % INNER !== 7) a.data[i] = 0;
  const out = place(pattern([ROWS, COLUMNS]));
  const operands = [place(a), INNER * 4, 4, place(b), COLUMNS * 4, 4];
  const product = bits === 256 ? kernels.gemm16 : kernels.gemm8;
  product(0, ROWS, 0, COLUMNS, INNER, ...operands, out, COLUMNS * 4, 0, -1, scratch);
  const expected = reference.matmul(a, b, false, false);
  return fused ? isNear(expected, out) : holds(expected, out);
};

const binary: Check = ({ kernels, place }) => {
  const [x, y] = [pattern([ROWS, COLUMNS]), pattern([COLUMNS, ROWS])];
  const flat = [x, y].map((array) => reference.reshape(array, [array.size]));
  const out = place(x);
  kernels.binary(binaryKinds.indexOf("tanhGradient"), place(x), 0, 4, place(y), 0, 4, out, 1, x.size);
  return holds(reference.binary("tanhGradient", flat[0], flat[1]), out);
};

/** One tile of the widest block of channels, over a small image that needs zeros beside it. */
const [WIDTH, CHANNELS] = [5, 2];
const window = { kernel: [3, 3], stride: [1, 1], padding: [1, 1] } as const;
const widestOf = (bits: 128 | 256): number => (bits === 256 ? 16 : 8);
const geometry = (height: number, outputs: number): number[] => [
  ...[height, WIDTH, CHANNELS],
  ...[...window.kernel, ...window.stride, ...window.padding],
  ...[height, WIDTH, outputs],
];
/** Output channels, rows, columns and channels of the weights, and what lies between two of each. */
const weightLayout = (outputs: number): [number[], number[]] => [
  [outputs, 3, 3, CHANNELS],
  [9 * CHANNELS, 3 * CHANNELS, CHANNELS, 1],
];

const convolve: Check = (bench) => {
  const { kernels, bits, place } = bench;
  const [height, widest] = [2, widestOf(bits)];
  const [shape, strides] = weightLayout(widest);
  const [x, weight, bias] = [pattern([1, height, WIDTH, CHANNELS]), pattern(shape), pattern([widest])];
  const packed = place(weight);
  kernels.packWeights(0, widest, ...shape, place(weight), ...strides, packed);
  const [out, row] = [place(pattern([height, WIDTH, widest])), WIDTH * widest * 4];
  run(bench, "convolve", [
    ...[place(x), ...geometry(height, widest), packed, place(bias), -Infinity],
    ...[out, height * row, row, widest * 4],
    ...[height, 1, 1, 1, 1, widest],
  ]);
  return holds(reference.conv2d(x, weight, bias, window), out);
};

const correlate: Check = (bench) => {
  const { kernels, bits, place } = bench;
  // One row is one part, so that there is one sum for each weight.
  const widest = widestOf(bits);
  const [shape, strides] = weightLayout(widest);
  const [x, gradient] = [pattern([1, 1, WIDTH, CHANNELS]), pattern([1, 1, WIDTH, widest])];
  const [sums, out] = [place(pattern(shape)), place(pattern(shape))];
  run(bench, "correlate", [
    ...[place(x), ...geometry(1, widest), place(gradient), sums, 0],
    ...[1, 1, 1, 1, widest, 1, widest, 1],
  ]);
  kernels.packWeights(1, widest, ...shape, out, ...strides, sums);
  return holds(reference.conv2dWeight(x, gradient, window), out);
};

/** The gradient of a GRU, which is + − × alone: its products start sums, go on with others, and end in edges. */
const recur: Check = (bench) => {
  const { kernels, bits, place } = bench;
  const [times, batch, size, width] = [2, 5, 13, widestOf(bits)];
  const [gates, weight] = [pattern([times, batch, 3 * size]), pattern([size, 3 * size])];
  const [gradient, before] = [pattern([batch, times, size]), pattern([times, batch, size])];
  const packed = (first: number, count: number): number => {
    const to = place(pattern([count, 2 * width]));
    kernels.packPanels(width, place(weight) + first * 4, 4, 3 * size * 4, count, size, to);
    return to;
  };
  const [at, dHidden] = [place(gates), place(reference.empty([batch, size], "float32"))];
  run(bench, "gruGradient", [
    ...[batch, times, batch, size, width, at, packed(0, 2 * size), packed(2 * size, size)],
    ...[place(gradient), dHidden, place(pattern([batch, size])), place(before), size * 4],
  ]);
  const expected = reference.gruGradient(gradient, gates, weight, before, 0);
  return holds(expected, dHidden) && holds(gates, at);
};

const checks: Readonly<Record<string, Check>> = { gemm, binary, convolve, correlate, recur };

/**
 * Hold the compiled kernels against the reference, bit for bit, a fused product within its tolerance: the name of the
 * first that differs, or undefined.
 */
export function selfTest(kernels: Kernels, bits: 128 | 256, fused = false): string | undefined {
  const blocks: Block[] = [];
  const taken = (bytes: number): number => {
    const block = allocate(bytes);
    blocks.push(block);
    return block.pointer;
  };
  const place = (array: RawArray): number => {
    const pointer = taken(array.size * 4);
    view(pointer, array.size).set(array.data);
    return pointer;
  };
  const sizes = [kernels.GEMM_SCRATCH, kernels.CONVOLUTION_SCRATCH].map(({ value }) => value as number);
  try {
    const bench = { kernels, bits, fused, scratch: taken(Math.max(...sizes)), place };
    return Object.keys(checks).find((name) => !checks[name](bench));
  } finally {
    for (const block of blocks) releaseBlock(block);
  }
}

const view = (pointer: number, size: number): Float32Array => new Float32Array(memory.buffer, pointer, size);

function run({ kernels, scratch, place }: Bench, job: Job, args: readonly number[]): void {
  const slots = place(pattern([2 * args.length]));
  new Float64Array(memory.buffer, slots, args.length).set(args);
  kernels.run(jobs[job], slots, 0, scratch);
}

/** Numbers of both signs whose products and sums must be rounded. */
function pattern(shape: readonly number[]): RawArray {
  const values = Float32Array.from(
    { length: sizeOf(shape) },
    (_, index) => ((index * 7919) % 1009) / 503.7 - 1,
  );
  return reference.from(values, shape, "float32");
}

function holds(expected: RawArray, pointer: number): boolean {
  const actual = new Uint32Array(view(pointer, expected.size).slice().buffer);
  const wanted = new Uint32Array(Float32Array.from(expected.data).buffer);
  return wanted.every((word, index) => word === actual[index]);
}

function isNear(expected: RawArray, pointer: number): boolean {
  return view(pointer, expected.size).every(
    (value, index) => Math.abs(value - expected.data[index]) <= FUSED_TOLERANCE,
  );
}
