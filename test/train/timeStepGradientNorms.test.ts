import { describe, expect, test } from "vitest";
import * as nn from "../../src/nn/index.ts";
import * as losses from "../../src/losses/index.ts";
import { generator, seed } from "../../src/random/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";

type Kind = "RNN" | "GRU" | "LSTM";
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The course's equations for one row, written out once more: every h, with `nudge` added to h of step `at`. */
function hiddenStates(
  kind: Kind,
  { inputWeight, hiddenWeight, bias, hiddenSize: size }: nn.RNN | nn.GRU | nn.LSTM,
  input: number[][],
  at = -1,
  nudge: number[] = [],
): number[][] {
  const [w, u, b] = [inputWeight.toArray() as number[][], hiddenWeight.toArray() as number[][], bias!.data];
  const dot = (row: number[], matrix: number[][], column: number): number =>
    row.reduce((sum, value, k) => sum + value * matrix[k][column], 0);
  let [h, c] = [new Array<number>(size).fill(0), new Array<number>(size).fill(0)];
  return input.map((x, t) => {
    const gate = (place: number, hidden = h): number[] =>
      h.map((_, j) => dot(x, w, place * size + j) + dot(hidden, u, place * size + j) + b[place * size + j]);
    if (kind === "RNN") h = gate(0).map(Math.tanh);
    else if (kind === "GRU") {
      const [r, z] = [gate(0).map(sigmoid), gate(1).map(sigmoid)];
      const reset = h.map((value, j) => r[j] * value);
      const g = gate(2, reset).map(Math.tanh);
      h = h.map((value, j) => value * z[j] + g[j] * (1 - z[j]));
    } else {
      const [i, f, o] = [0, 1, 3].map((place) => gate(place).map(sigmoid));
      const g = gate(2).map(Math.tanh);
      c = c.map((value, j) => value * f[j] + g[j] * i[j]);
      h = c.map((value, j) => Math.tanh(value) * o[j]);
    }
    if (t === at) h = h.map((value, j) => value + nudge[j]);
    return h;
  });
}

describe.each([
  ["RNN", nn.RNN],
  ["GRU", nn.GRU],
  ["LSTM", nn.LSTM],
] as const)("%s", (kind, Layer) => {
  const [batch, times, features, size] = [3, 5, 2, 4];
  const layerOf = (): nn.RNN | nn.GRU | nn.LSTM => {
    seed(8);
    return new Layer(features, size);
  };
  const x = Tensor.randn([batch, times, features], { generator: generator(1) });
  const upstream = Tensor.randn([batch, times, size], { generator: generator(2) });

  test.each([[undefined], [[5, 2, 3]]])(
    "equals central differences of the equations in float64, lengths %j",
    (lengths) => {
      const layer = layerOf();
      const found = train.timeStepGradientNorms(() => {
        const { output, state } = (layer as nn.LSTM).forward(x, { lengths });
        const last = state instanceof Tensor ? (state as Tensor) : state.hidden;
        return output.mul(upstream).sum().add(last.mul(3).sum());
      }, layer);
      const rows = (tensor: Tensor): number[][][] => tensor.toArray() as number[][][];
      const lossOf = (row: number, at: number, nudge: number[]): number => {
        const end = lengths?.[row] ?? times;
        const states = hiddenStates(kind, layer, rows(x)[row].slice(0, end), at, nudge);
        const last = states[end - 1].reduce((sum, value) => sum + 3 * value, 0);
        return states.reduce(
          (sum, h, t) => sum + h.reduce((inner, value, j) => inner + value * rows(upstream)[row][t][j], 0),
          last,
        );
      };
      const h = 1e-5;
      for (let t = 0; t < times; t++) {
        let squares = 0;
        for (let row = 0; row < batch; row++)
          for (let j = 0; j < size; j++) {
            const nudge = (by: number): number[] =>
              Array.from({ length: size }, (_, k) => (k === j ? by : 0));
            squares += ((lossOf(row, t, nudge(h)) - lossOf(row, t, nudge(-h))) / (2 * h)) ** 2;
          }
        expect(found[""][t] / Math.sqrt(squares)).toBeCloseTo(1, 4);
      }
      expect(Object.keys(found)).toEqual([""]);
    },
  );

  test("the loss and the parameters' gradients are those of the layer as it is, and stay what they were", () => {
    const layer = layerOf();
    const compute = (): Tensor =>
      (layer.forward(x, { lengths: [5, 2, 3] }).output as Tensor).mul(upstream).sum();
    const value = compute();
    value.backward();
    const before = layer.parameters().map(({ grad }) => [...grad!.data]);
    let seen = NaN;
    const tensors = Tensor.memory().tensors;
    train.timeStepGradientNorms(() => {
      const loss = compute();
      seen = loss.item();
      return loss;
    }, layer);
    expect(seen).toBeCloseTo(value.item(), 4);
    expect(layer.parameters().map(({ grad }) => [...grad!.data])).toEqual(before);
    expect(Object.hasOwn(layer, "run")).toBe(false);
    expect(Tensor.memory().tensors).toBeLessThanOrEqual(tensors);
  });
});

test("in a plain RNN with small weights the gradient vanishes by a constant factor a step", () => {
  const identity = (scale: number) => (): Tensor => Tensor.eye(6).mul(scale);
  const layer = new nn.RNN(6, 6, { hiddenInit: identity(0.5), init: identity(1e-4) });
  const x = Tensor.ones([1, 20, 6]);
  const norms = train.timeStepGradientNorms(() => layer.forward(x).state.sum(), layer)[""];
  for (let t = 1; t < 20; t++) expect(norms[t - 1] / norms[t]).toBeCloseTo(0.5, 3);
});

test("every layer of a model by its path, stacked ones too, in the order of their runs", () => {
  class Net extends nn.Module {
    first = new nn.GRU(2, 3);
    second = new nn.LSTM(3, 4, { layers: 2 });
    forward(x: Tensor): Tensor {
      const once = this.first.forward(x);
      const twice = this.first.forward(x.slice(0, 2, 1), { state: once.state });
      return this.second.forward(Tensor.concat([once.output, twice.output], 1)).output;
    }
  }
  const model = new Net();
  const found = train.timeStepGradientNorms(
    () => losses.meanSquaredError(model.forward(Tensor.ones([2, 3, 2])), Tensor.zeros([2, 5, 4])),
    model,
  );
  expect(Object.entries(found).map(([path, norms]) => [path, norms.length])).toEqual([
    ["first", 5],
    ["second", 5],
    ["second.above.0", 5],
  ]);
  expect(
    Object.values(found)
      .flat()
      .every((norm) => norm > 0),
  ).toBe(true);
});

test("errors, after which everything is as before", () => {
  const layer = new nn.RNN(2, 3);
  expect(() => train.timeStepGradientNorms(() => Tensor.zeros([2]), layer)).toThrow(
    "timeStepGradientNorms: the loss must be a scalar, got [2]",
  );
  expect(Object.hasOwn(layer, "run")).toBe(false);
  expect(() => train.timeStepGradientNorms(() => Tensor.zeros([]), new nn.Linear(2, 3))).toThrow(
    "timeStepGradientNorms: Linear holds no recurrent layer; nn.RNN, nn.GRU and nn.LSTM are such",
  );
});
