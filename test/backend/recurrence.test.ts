import { describe, expect, test } from "vitest";
import type { GruRun, LstmRun, RawArray, RecurrenceBackend } from "../../src/backend/backend.ts";
import { reference } from "../../src/backend/reference/referenceBackend.ts";
import { kernels, threads } from "../../src/backend/wasm/kernels.ts";
import { memory, usage } from "../../src/backend/wasm/memory.ts";
import type { WasmArray } from "../../src/backend/wasm/wasmArray.ts";
import { recurrence } from "../../src/backend/wasm/recurrence.ts";
import { wasm } from "../../src/backend/wasm/wasmBackend.ts";
import { generator } from "../../src/random/index.ts";
import { type Shape, sizeOf } from "../../src/util/shape.ts";

const gatesOf = { rnn: 1, gru: 3, lstm: 4 } as const;
type Cell = keyof typeof gatesOf;
const cells = Object.keys(gatesOf) as Cell[];

/**
 * Steps, rows, hidden units: single ones, every kind of edge, k in more than one block, rows for several threads,
 * and rows that tiles of five and four make up, that none do, and that are more than one block.
 */
const sizes: [number, number, number][] = [
  [1, 1, 1],
  [3, 1, 5],
  [2, 6, 8],
  [1, 7, 17],
  [2, 3, 70],
  [3, 37, 96],
  [2, 0, 3],
  [2, 9, 9],
  [1, 11, 5],
  [1, 133, 5],
];

function values(shape: Shape, seed: number, scale: number): Float32Array {
  const random = generator(seed);
  return Float32Array.from({ length: sizeOf(shape) }, () => scale * random.normal());
}

const FIRST = 2;

interface Problem {
  readonly gates: Float32Array;
  readonly weight: RawArray;
  /** Rows of which the hidden states take the columns from FIRST on. */
  readonly rows: RawArray;
  readonly cell: RawArray;
  readonly gradient: RawArray;
  readonly cellGradient: RawArray;
}

function problem(backend: typeof wasm, cell: Cell, [times, batch, size]: readonly number[]): Problem {
  const columns = gatesOf[cell] * size;
  const make = (shape: Shape, seed: number, scale: number): RawArray =>
    backend.from(values(shape, seed, scale), shape, "float32");
  return {
    gates: values([times, batch, columns], 1, 1),
    weight: make([size, columns], 2, 1 / Math.sqrt(size)),
    rows: make([times, batch, FIRST + size + 1], 3, 1),
    cell: make([batch, size], 4, 1),
    gradient: make([batch, times, size], 5, 1),
    cellGradient: make([batch, size], 6, 1),
  };
}

type Run = Pick<LstmRun, "output"> | GruRun | LstmRun;

function forward(
  cell: Cell,
  gates: RawArray,
  { weight, rows, cell: initial }: Problem,
  backend: RecurrenceBackend = gates.backend,
): Run {
  if (cell === "lstm") return backend.lstm(gates, weight, rows, FIRST, initial);
  if (cell === "gru") return backend.gru(gates, weight, rows, FIRST);
  return { output: backend.rnn(gates, weight, rows, FIRST) };
}

function backward(
  cell: Cell,
  gates: RawArray,
  { weight, rows, gradient, cellGradient }: Problem,
  run: Run,
  backend: RecurrenceBackend = gates.backend,
): RawArray[] {
  if (cell === "rnn") return [backend.rnnGradient(gradient, gates, weight)];
  if (cell === "gru") return [backend.gruGradient(gradient, gates, weight, rows, FIRST)];
  return Object.values(
    backend.lstmGradient(gradient, cellGradient, gates, weight, run as LstmRun),
  ) as RawArray[];
}

const gatesArray = (
  backend: typeof wasm,
  cell: Cell,
  shape: readonly number[],
  data: Float32Array,
): RawArray => backend.from(data, [shape[0], shape[1], gatesOf[cell] * shape[2]], "float32");

const arraysOf = (run: Run): RawArray[] => Object.values(run) as RawArray[];

const toReference = (array: RawArray): RawArray => reference.from(array.data, array.shape, "float32");

function expectSameBits(actual: RawArray, expected: RawArray): void {
  expect(actual.shape).toEqual(expected.shape);
  for (let i = 0; i < expected.size; i++)
    if (!Object.is(actual.data[i], expected.data[i]))
      expect.fail(`element ${i}: ${actual.data[i]} against ${expected.data[i]}`);
}

describe.each(cells)("%s: wasm against the reference", (cell) => {
  test.each(sizes)("%i steps of %i rows, %i units", (...shape) => {
    const [ours, theirs] = [problem(wasm, cell, shape), problem(reference, cell, shape)];
    const gates = gatesArray(wasm, cell, shape, ours.gates);
    const referenceGates = gatesArray(reference, cell, shape, theirs.gates);
    const run = forward(cell, gates, ours);
    const expected = forward(cell, referenceGates, theirs);
    // Through tanh and sigmoid the two agree to their last places, and each step passes that on.
    for (const [i, array] of [gates, ...arraysOf(run)].entries()) {
      const wanted = [referenceGates, ...arraysOf(expected)][i];
      expect(array.shape).toEqual(wanted.shape);
      for (let j = 0; j < array.size; j++)
        expect(Math.abs(array.data[j] - wanted.data[j])).toBeLessThanOrEqual(
          1e-6 * shape[0] * Math.max(1, Math.abs(wanted.data[j])),
        );
    }
    // The way back is + − × alone: from the same activations, the same bits.
    const copies = Object.fromEntries(
      Object.entries(run).map(([name, array]) => [name, toReference(array as RawArray)]),
    ) as unknown as Run;
    const back = toReference(gates);
    const wanted = backward(cell, back, { ...theirs, rows: toReference(ours.rows) }, copies);
    for (const [i, array] of backward(cell, gates, ours, run).entries()) expectSameBits(array, wanted[i]);
    expectSameBits(gates, back);
  });

  test("the functions of one step lie within 2 ulp of 1 of float64", () => {
    const shape = [1, 9, 24];
    const ours = problem(wasm, cell, shape);
    ours.weight.data.fill(0); // products have roundings of their own
    const gates = gatesArray(wasm, cell, shape, ours.gates);
    const double = (array: RawArray): RawArray => reference.from(array.data, array.shape, "float64");
    const run = forward(cell, gates, ours);
    const exact = forward(cell, reference.from(ours.gates, gates.shape, "float64"), {
      ...ours,
      weight: double(ours.weight),
      rows: double(ours.rows),
      cell: double(ours.cell),
    });
    for (let i = 0; i < run.output.size; i++)
      expect(Math.abs(run.output.data[i] - exact.output.data[i])).toBeLessThanOrEqual(2 ** -22);
  });

  test.each(sizes)("%i steps of %i rows, %i units on dirty memory, within bounds", (...shape) => {
    const ours = problem(wasm, cell, shape);
    const clean = gatesArray(wasm, cell, shape, ours.gates);
    const cleanRun = forward(cell, clean, ours);
    const expected = [clean, ...arraysOf(cleanRun), ...backward(cell, clean, ours, cleanRun)];
    // Every array is made in a larger one that holds 77.
    const guarded: [RawArray, number][] = [];
    const family = recurrence((shape, dtype) => {
      const whole = wasm.empty([sizeOf(shape) + 20], dtype);
      wasm.fill(whole, 77);
      guarded.push([whole, sizeOf(shape)]);
      return (whole as WasmArray).reshaped(shape);
    });
    const gates = gatesArray(wasm, cell, shape, ours.gates);
    const { value: scratchBytes } = kernels.GEMM_SCRATCH;
    new Float32Array(memory.buffer, threads.scratch, scratchBytes / 4).fill(77);
    const run = forward(cell, gates, ours, family);
    const results = [gates, ...arraysOf(run), ...backward(cell, gates, ours, run, family)];
    for (const [i, array] of results.entries()) expectSameBits(array, expected[i]);
    for (const [whole, size] of guarded)
      expect([...whole.data.subarray(size)].every((value) => value === 77)).toBe(true);
  });

  test("nothing but results is left", () => {
    const ours = problem(wasm, cell, [2, 3, 5]);
    const gates = gatesArray(wasm, cell, [2, 3, 5], ours.gates);
    const before = usage().blocks;
    const run = forward(cell, gates, ours);
    const results = [...arraysOf(run), ...backward(cell, gates, ours, run)];
    expect(usage().blocks).toBe(before + results.length);
  });
});

describe("embedding", () => {
  const table = values([7, 5], 1, 1);
  const indices = Int32Array.of(3, 0, 6, 3, 3, 0);
  const tables = [wasm, reference].map((backend) => backend.from(table, [7, 5], "float32"));
  const chosen = [wasm, reference].map((backend) => backend.from(indices, [2, 3], "int32"));

  test("wasm equals the reference bit for bit, rows and gradient", () => {
    const [rows, expected] = [0, 1].map((side) => tables[side].backend.embedding(tables[side], chosen[side]));
    expectSameBits(rows, expected);
    expect(rows.shape).toEqual([2, 3, 5]);
    const upstream = values([2, 3, 5], 2, 1);
    wasm.from(new Float32Array(35).fill(77), [7, 5], "float32").release("the test");
    const [gradient, wanted] = [wasm, reference].map((backend, side) =>
      backend.embeddingGradient(backend.from(upstream, [2, 3, 5], "float32"), chosen[side], [7, 5]),
    );
    expectSameBits(gradient, wanted);
    expect([...gradient.data.subarray(5, 15)].every((value) => value === 0)).toBe(true);
  });

  test("no index, and rows of one", () => {
    const none = wasm.from([], [0], "int32");
    expect(wasm.embedding(tables[0], none).shape).toEqual([0, 5]);
    expect([...wasm.embeddingGradient(wasm.empty([0, 5], "float32"), none, [7, 5]).data]).toEqual(
      Array(35).fill(0),
    );
    const narrow = wasm.from([4, 5, 6], [3, 1], "float32");
    expect([...wasm.embedding(narrow, wasm.from([2, 0], [2], "int32")).data]).toEqual([6, 4]);
  });
});
