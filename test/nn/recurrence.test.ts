import { describe, expect, test } from "vitest";
import type { DType } from "../../src/backend/backend.ts";
import * as init from "../../src/initializers/index.ts";
import * as nn from "../../src/nn/index.ts";
import type { Op } from "../../src/ops/index.ts";
import { generator } from "../../src/random/index.ts";
import * as random from "../../src/random/index.ts";
import type { NestedNumbers } from "../../src/tensor/nested.ts";
import { gru, lstm, rnn } from "../../src/tensor/recurrence.ts";
import { apply, Tensor, tensor } from "../../src/tensor/tensor.ts";
import { ShapeError } from "../../src/util/errors.ts";
import golden from "../reference/recurrence.json" with { type: "json" };
import { expectGradient } from "../support/gradient.ts";

type Kind = "rnn" | "gru" | "lstm";
const gatesOf: Record<Kind, number> = { rnn: 1, gru: 3, lstm: 4 };
const kinds = Object.keys(gatesOf) as Kind[];

/** The output and the last states of a cell: h, and the LSTM's c. */
function results(
  kind: Kind,
  x: Tensor,
  w: Tensor,
  u: Tensor,
  b: Tensor | null,
  states: Tensor[],
  lengths?: readonly number[],
): Tensor[] {
  const weights = { inputWeight: w, hiddenWeight: u, bias: b };
  if (kind === "lstm") {
    const [hidden, cell] = states;
    const { output, state } = lstm(x, weights, { state: hidden && { hidden, cell }, lengths });
    return [output, state.hidden, state.cell];
  }
  const { output, state } = (kind === "rnn" ? rnn : gru)(x, weights, { state: states[0], lengths });
  return [output, state];
}

function expectClose(actual: Tensor, expected: NestedNumbers, tolerance: number): void {
  const wanted = tensor(expected, { dtype: "float64" });
  expect(actual.shape).toEqual(wanted.shape);
  for (const [i, value] of wanted.data.entries())
    expect(Math.abs(actual.data[i] - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
}

describe.each([
  ["float64", 1e-11],
  ["float32", 2e-5],
] as [DType, number][])("%s equals PyTorch's, results and every gradient", (dtype, tolerance) => {
  test.each(
    golden.cases.map(
      (entry) => [entry.kind as Kind, entry.sizes, entry.layers, entry.lengths ?? undefined, entry] as const,
    ),
  )("%s %j, %i layers, lengths %j", (kind, [, , features, hidden], layers, lengths, entry) => {
    const make = (values: unknown, requiresGrad = false): Tensor =>
      tensor(values as NestedNumbers, { dtype, requiresGrad });
    const leaves = entry.inputs.map((values) => make(values, true));
    const [x, ...others] = leaves;
    const [parameters, states] = [others.slice(0, 3 * layers), others.slice(3 * layers)];
    const layer = new { rnn: nn.RNN, gru: nn.GRU, lstm: nn.LSTM }[kind](features, hidden, { layers });
    for (const [place, each] of [layer, ...layer.above].entries()) {
      const [inputWeight, hiddenWeight, bias] = parameters.slice(3 * place, 3 * place + 3);
      Object.assign(each, { inputWeight, hiddenWeight, bias });
    }
    // A single layer's state is [batch, hidden].
    const own = states.map((state) => (layers === 1 ? state.reshape(state.shape.slice(1)) : state));
    const state = kind === "lstm" ? { hidden: own[0], cell: own[1] } : own[0];
    const run = (layer as nn.LSTM).forward(x, { state: state as nn.LSTMState, lengths });
    const last = run.state instanceof Tensor ? [run.state] : [run.state.hidden, run.state.cell];
    const found = [run.output, ...last.map((part, i) => part.reshape(states[i].shape))];
    for (const [i, values] of entry.results.entries())
      expectClose(found[i], values as NestedNumbers, tolerance);
    found
      .map((result, i) => result.mul(make(entry.upstreams[i])).sum())
      .reduce((sum, term) => sum.add(term))
      .backward();
    for (const [i, gradient] of entry.gradients.entries())
      expectClose(leaves[i].grad!, gradient as NestedNumbers, tolerance);
  });
});

const uniform = (shape: readonly number[], seed: number, dtype: DType = "float64"): Tensor =>
  Tensor.uniform(shape, -1, 1, { dtype, generator: generator(seed), requiresGrad: true });

/** x, W, U, b and the initial states. */
const leavesOf = (kind: Kind, [batch, time, features, hidden]: readonly number[]): Tensor[] => [
  uniform([batch, time, features], 1),
  uniform([features, gatesOf[kind] * hidden], 2),
  uniform([hidden, gatesOf[kind] * hidden], 3),
  uniform([gatesOf[kind] * hidden], 4),
  uniform([batch, hidden], 5),
  ...(kind === "lstm" ? [uniform([batch, hidden], 6)] : []),
];

describe.each(kinds)("%s: gradient matches central differences", (kind) => {
  test.each([[[1, 1, 1, 1]], [[2, 3, 2, 3]], [[1, 4, 3, 2]], [[3, 1, 1, 5]]])(
    "batch, time, features, hidden %j",
    (sizes) => {
      expectGradient((x, w, u, b, ...states) => results(kind, x, w, u, b, states)[0], leavesOf(kind, sizes));
    },
  );

  test("through the last states alone, and without bias or initial state", () => {
    expectGradient(
      (x, w, u) =>
        results(kind, x, w, u, null, [])
          .slice(1)
          .reduce((a, b) => a.mul(b)),
      leavesOf(kind, [2, 3, 2, 3]).slice(0, 3),
    );
    expectGradient(
      (x, w, u) => results(kind, x, w, u, null, []).at(-1)!,
      leavesOf(kind, [2, 3, 2, 3]).slice(0, 3),
    );
  });

  test("with rows that end early, through outputs and through last states", () => {
    const lengths = [2, 4, 1];
    const leaves = leavesOf(kind, [3, 4, 2, 3]);
    const run = (inputs: Tensor[]): Tensor[] => {
      const [x, w, u, b, ...states] = inputs;
      return results(kind, x, w, u, b, states, lengths);
    };
    expectGradient((...inputs) => run(inputs)[0], leaves);
    expectGradient(
      (...inputs) =>
        run(inputs)
          .slice(1)
          .reduce((a, b) => a.mul(b)),
      leaves,
    );
    expectGradient((...inputs) => run(inputs).at(-1)!, leaves);
  });

  test("through a sequence in two pieces, which equals the sequence in one", () => {
    const [x, w, u, b, ...states] = leavesOf(kind, [2, 5, 2, 3]);
    const pieces = (...inputs: Tensor[]): Tensor => {
      const [whole, weight, hiddenWeight, bias, ...initial] = inputs;
      const [first, ...between] = results(kind, whole.slice(0, 2, 1), weight, hiddenWeight, bias, initial);
      const [second] = results(kind, whole.slice(2, 5, 1), weight, hiddenWeight, bias, between);
      return first.sum(1).add(second.sum(1));
    };
    expectGradient(pieces, [x, w, u, b, ...states]);
    const [whole] = results(kind, x, w, u, b, states);
    expectClose(pieces(x, w, u, b, ...states), whole.sum(1).toArray(), 1e-13);
  });
});

describe.each([
  ["RNN", nn.RNN, 1],
  ["GRU", nn.GRU, 3],
  ["LSTM", nn.LSTM, 4],
] as const)("%s", (name, Layer, gates) => {
  test("holds its parameters as [in, gates · hidden]; one seed, one start", () => {
    random.seed(5);
    const layer = new Layer(400, 30);
    expect(layer.namedParameters().map(([key, { shape }]) => [key, shape])).toEqual([
      ["inputWeight", [400, gates * 30]],
      ["hiddenWeight", [30, gates * 30]],
      ["bias", [gates * 30]],
    ]);
    expect(Math.max(...layer.inputWeight.data)).toBeCloseTo(1 / 20, 3);
    for (let gate = 0; gate < gates; gate++) {
      const weight = layer.hiddenWeight.detach().slice(30 * gate, 30 * (gate + 1), 1);
      const product = weight.matmul(weight, { transposeLeft: true }).sub(Tensor.eye(30));
      expect(Math.max(...product.data.map(Math.abs))).toBeLessThan(1e-6);
    }
    // Zeros, but for the forget gate of the LSTM: i, f, g, o.
    const forget = (gate: number): boolean => name === "LSTM" && gate === 1;
    expect([...layer.bias!.data]).toEqual(
      Array.from({ length: gates * 30 }, (_, j) => (forget(Math.floor(j / 30)) ? 1 : 0)),
    );
    expect(new Layer(2, 3, { biasInit: init.constant(0.5) }).bias!.data).toEqual(
      new Float32Array(gates * 3).fill(0.5),
    );
    random.seed(5);
    expect(new Layer(400, 30).inputWeight.toArray()).toEqual(layer.inputWeight.toArray());
    const other = new Layer(2, 3, { bias: false, init: init.zeros, hiddenInit: init.zeros });
    expect(other.namedParameters().map(([key]) => key)).toEqual(["inputWeight", "hiddenWeight"]);
    expect(other.forward(Tensor.ones([1, 2, 2])).output.toArray()).toEqual([
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    ]);
  });

  test("output and state have PyTorch's batch_first shapes, and the state is the last output", () => {
    const layer = new Layer(3, 8);
    const { output, state } = layer.forward(Tensor.randn([2, 5, 3]));
    expect(output.shape).toEqual([2, 5, 8]);
    const hidden = state instanceof Tensor ? state : state.hidden;
    expect(hidden.toArray()).toEqual(output.slice(4, 5, 1).reshape([2, 8]).toArray());
    expect(layer.forward(Tensor.randn([0, 5, 3])).output.shape).toEqual([0, 5, 8]);
  });

  test("a detached state cuts the gradient off, and an attached one carries it", () => {
    const layer = new Layer(2, 3);
    const x = Tensor.randn([1, 2, 2], { requiresGrad: true });
    const second = Tensor.randn([1, 2, 2]);
    const next = (cut: boolean): Tensor => {
      const { state } = layer.forward(x);
      const pass = (part: Tensor): Tensor => (cut ? part.detach() : part);
      if (state instanceof Tensor) return (layer as nn.RNN).forward(second, { state: pass(state) }).output;
      const { hidden, cell } = state;
      const carried = { hidden: pass(hidden), cell: pass(cell) };
      return (layer as nn.LSTM).forward(second, { state: carried }).output;
    };
    next(true).sum().backward();
    expect(x.grad).toBeNull();
    next(false).sum().backward();
    expect(x.grad!.data.every((value) => value !== 0)).toBe(true);
  });

  test("a row that ends early is the row alone, bit for bit, and its padding is not looked at", () => {
    const layer = new Layer(3, 8);
    const [times, lengths] = [6, [4, 6, 1, 5]];
    const values = Tensor.randn([4, times, 3]).data;
    const upstream = Tensor.randn([4, times, 8]);
    const alone = (row: number): Tensor => Tensor.from(values.slice(row * 18, (row + 1) * 18), [1, times, 3]);
    const padded = values.slice();
    for (const [row, length] of lengths.entries())
      padded.fill(NaN, (row * times + length) * 3, (row + 1) * times * 3);
    const x = Tensor.from(padded, [4, times, 3], { requiresGrad: true });
    const { output, state } = layer.forward(x, { lengths });
    const last = state instanceof Tensor ? [state] : [state.hidden, state.cell];
    const [outputs, lasts] = [output.data, last.map((part) => part.data)];
    output
      .mul(upstream)
      .sum()
      .add(last.map((part) => part.sum()).reduce((a, b) => a.add(b)))
      .backward();
    for (const [row, length] of lengths.entries()) {
      const own = new Tensor(alone(row).slice(0, length, 1).raw, true);
      const single = layer.forward(own);
      const ends = single.state instanceof Tensor ? [single.state] : [single.state.hidden, single.state.cell];
      const part = outputs.slice(row * times * 8, (row + 1) * times * 8);
      expect([...part]).toEqual([...single.output.data, ...new Float32Array((times - length) * 8)]);
      for (const [i, end] of ends.entries())
        expect([...lasts[i].slice(row * 8, (row + 1) * 8)]).toEqual([...end.data]);
      single.output
        .mul(upstream.slice(row, row + 1).slice(0, length, 1))
        .sum()
        .add(ends.map((end) => end.sum()).reduce((a, b) => a.add(b)))
        .backward();
      const gradient = x.grad!.data.slice(row * times * 3, (row + 1) * times * 3);
      expect([...gradient.slice(0, length * 3)]).toEqual([...own.grad!.data]);
      expect(gradient.slice(length * 3).every((value) => value === 0)).toBe(true);
    }
    for (const parameter of layer.parameters())
      expect(parameter.grad!.data.every(Number.isFinite)).toBe(true);
  });

  test("one row that ends early, with NaN behind it, which is left there", () => {
    const layer = new Layer(2, 3);
    const x = tensor([
      [
        [1, 2],
        [3, 4],
        [NaN, NaN],
      ],
    ]);
    const { output } = layer.forward(x, { lengths: [2] });
    expect([...output.data.slice(6)]).toEqual([0, 0, 0]);
    output.sum().backward();
    for (const { grad } of layer.parameters()) expect(grad!.data.every(Number.isFinite)).toBe(true);
    expect([...x.data]).toEqual([1, 2, 3, 4, NaN, NaN]);
  });

  test("lengths as a tensor, and full ones, which change nothing", () => {
    const layer = new Layer(3, 8);
    const x = Tensor.randn([2, 5, 3]);
    const asTensor = tensor([3, 5], { dtype: "int32" });
    const { output } = layer.forward(x, { lengths: asTensor });
    expect(output.data).toEqual(layer.forward(x, { lengths: [3, 5] }).output.data);
    expect(layer.forward(x, { lengths: [5, 5] }).output.data).toEqual(layer.forward(x).output.data);
  });

  test("stays finite where every gate is saturated", () => {
    const layer = new Layer(1, 5);
    for (const [factor, requiresGrad] of [
      [1000, true],
      [-1000, true],
    ] as const) {
      const x = Tensor.full([2, 6, 1], factor, { requiresGrad });
      const { output } = layer.forward(x);
      output.sum().backward();
      for (const values of [output.data, x.grad!.data, layer.hiddenWeight.grad!.data])
        expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  test("a NaN stays in its row", () => {
    const layer = new Layer(2, 5);
    const values = Tensor.randn([6, 3, 2]).data;
    const clean = layer.forward(Tensor.from(values, [6, 3, 2])).output.data;
    values[2 * 3 * 2] = NaN; // row 2, step 0
    const x = Tensor.from(values, [6, 3, 2], { requiresGrad: true });
    const { output } = layer.forward(x);
    output.sum().backward();
    for (let row = 0; row < 6; row++) {
      const part = output.data.slice(row * 15, (row + 1) * 15);
      const gradient = x.grad!.data.slice(row * 6, (row + 1) * 6);
      if (row === 2) {
        expect(part.every(Number.isNaN)).toBe(true);
        continue;
      }
      expect([...part]).toEqual([...clean.slice(row * 15, (row + 1) * 15)]);
      expect(gradient.some(Number.isNaN)).toBe(false);
    }
  });

  test("what the way back needs is freed by it, and at once where nothing is recorded", () => {
    const layer = new Layer(2, 5);
    const x = Tensor.randn([3, 4, 2]);
    const alive = (): number => Tensor.memory().tensors;
    const before = alive();
    const { output, state } = Tensor.noGrad(() => layer.forward(x));
    const results = state instanceof Tensor ? [output, state] : [output, state.hidden, state.cell];
    expect(alive()).toBe(before + results.length);
    for (const result of results) result.dispose();
    // Outside every scope a step leaves its loss and its last states, and what the next one's backward frees.
    const step = (): number => {
      const run = layer.forward(x);
      const loss = run.output.sum();
      loss.backward();
      const last = run.state instanceof Tensor ? [run.state] : [run.state.hidden, run.state.cell];
      for (const result of [loss, ...last]) result.dispose();
      for (const parameter of layer.parameters()) parameter.grad = null;
      return alive();
    };
    step();
    const level = step();
    expect(step()).toBe(level);
  });

  test("a back-propagation that broke off behind it cannot be made again, and says so; one before it can", () => {
    const layer = new Layer(2, 5);
    let broken: "before" | "behind" | undefined = "before";
    const fragile = (place: typeof broken): Op => ({
      name: "fragile",
      forward: ([a]) => a.backend.unary("neg", a),
      backward: (gradient) => [
        () => {
          if (broken === place) throw new Error(`broken off ${place}`);
          return gradient.backend.unary("neg", gradient);
        },
      ],
    });
    const x = Tensor.randn([3, 4, 2], { requiresGrad: true });
    const loss = (): Tensor =>
      apply(fragile("before"), [layer.forward(apply(fragile("behind"), [x])).output]).sum();
    const first = loss();
    expect(() => first.backward()).toThrow("broken off before");
    broken = undefined;
    first.backward();
    const wanted = x.grad!.toArray();
    x.grad = null;
    broken = "behind";
    const second = loss();
    expect(() => second.backward()).toThrow("broken off behind");
    broken = undefined;
    const name = Layer.name.toLowerCase();
    expect(() => second.backward()).toThrow(
      `backward: an earlier backward() broke off behind the gradient of ${name}, which can be computed only once; ` +
        "compute this scalar again",
    );
    expect(x.grad).toBe(null);
    loss().backward();
    expect(x.grad!.toArray()).toEqual(wanted);
  });

  test("everything is freed: memory is level over many steps", () => {
    const layer = new Layer(2, 5);
    const x = Tensor.randn([3, 4, 2]);
    const step = (): void =>
      Tensor.scope(() => {
        const { output, state } = layer.forward(x, { lengths: [4, 2, 1] });
        const last = state instanceof Tensor ? state : state.cell;
        Tensor.noGrad(() => layer.forward(x, { lengths: [4, 2, 1] }));
        output.sum().add(last.sum()).backward();
      });
    step();
    step();
    const { tensors, bytes } = Tensor.memory();
    for (let i = 0; i < 5; i++) step();
    expect(Tensor.memory()).toEqual({ tensors, bytes });
  });

  test.each([
    [0, 3, `${name}: inputSize must be an integer >= 1, got 0`],
    [3, 2.5, `${name}: hiddenSize must be an integer >= 1, got 2.5`],
  ])("sizes %d, %d are refused", (inputSize, hiddenSize, message) => {
    expect(() => new Layer(inputSize, hiddenSize)).toThrow(new RangeError(message));
  });

  const op = name.toLowerCase();
  const columns = gates === 1 ? "" : `${gates} · `;
  test.each([
    [
      [5, 3],
      [3],
      `${op}: input must be [batch, time, features], got [5, 3]; reshape one sequence to [1, 5, 3]`,
    ],
    [[2, 0, 3], [3], `${op}: input [2, 0, 3] has no time step; it needs one or more`],
    [
      [2, 5, 4],
      [3],
      `${op}: input [2, 5, 4] does not fit inputWeight [3, ${gates * 8}] (4 features against 3)`,
    ],
  ])("input %j is refused with the mend", (shape, _, message) => {
    expect(() => new Layer(3, 8).forward(Tensor.zeros(shape))).toThrow(new ShapeError(message));
  });

  test("what is no tensor, and a bare state, are refused with the mend", () => {
    const layer = new Layer(3, 8) as nn.RNN;
    const { output, state } = layer.forward(Tensor.zeros([2, 5, 3]));
    expect(() => layer.forward([[[1, 2, 3]]] as never)).toThrow(
      new TypeError(`${op}: the input must be a tensor, got an array; make it with tensor(…)`),
    );
    expect(() => layer.forward({ output, state } as never)).toThrow(
      "what a recurrent layer puts out is in .output",
    );
    expect(() => layer.forward(Tensor.zeros([2, 5, 3]), state as never)).toThrow(
      new TypeError(`${name}: the second argument is { state, lengths }; write forward(x, { state })`),
    );
  });

  test("lengths that do not fit are refused by row", () => {
    const [layer, x] = [new Layer(3, 8), Tensor.zeros([2, 5, 3])];
    expect(() => layer.forward(x, { lengths: [1] })).toThrow(
      new ShapeError(`${op}: lengths [1] do not fit input [2, 5, 3]; give one for each of the 2 rows`),
    );
    for (const bad of [0, 6, 2.5, NaN])
      expect(() => layer.forward(x, { lengths: [1, bad] })).toThrow(
        new RangeError(
          `${op}: the length ${bad} of row 1 does not fit input [2, 5, 3]; lengths are integers from 1 to 5`,
        ),
      );
  });

  test("weights and states of other shapes are refused by name", () => {
    const layer = new Layer(3, 8);
    const x = Tensor.zeros([2, 5, 3]);
    const wrong = Object.assign(new Layer(3, 8), { bias: Tensor.zeros([9]) });
    expect(() => wrong.forward(x)).toThrow(`${op}: bias [9] must be [${columns}hidden], here [${gates * 8}]`);
    const square = Object.assign(new Layer(3, 8), { hiddenWeight: Tensor.zeros([8, 7]) });
    expect(() => square.forward(x)).toThrow(`${op}: hiddenWeight [8, 7] must be [hidden, ${columns}hidden]`);
    const [good, bad] = [Tensor.zeros([2, 8]), Tensor.zeros([3, 8])];
    const forward = (state: unknown): unknown => (layer as nn.RNN).forward(x, { state: state as Tensor });
    if (name === "LSTM") {
      const message = (part: string): string =>
        `lstm: state.${part} [3, 8] must be [batch, hidden], here [2, 8]`;
      expect(() => forward({ hidden: bad, cell: good })).toThrow(new ShapeError(message("hidden")));
      expect(() => forward({ hidden: good, cell: bad })).toThrow(new ShapeError(message("cell")));
    } else
      expect(() => forward(bad)).toThrow(
        new ShapeError(`${op}: state [3, 8] must be [batch, hidden], here [2, 8]`),
      );
  });
});
