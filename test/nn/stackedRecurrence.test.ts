import { describe, expect, test } from "vitest";
import * as nn from "../../src/nn/index.ts";
import { seed } from "../../src/random/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import { ShapeError } from "../../src/util/errors.ts";

type Layer = nn.RNN | nn.GRU | nn.LSTM;
const parts = (state: Tensor | nn.LSTMState): Tensor[] =>
  state instanceof Tensor ? [state] : [state.hidden, state.cell];
const forward = (layer: Layer, x: Tensor, options: object = {}): nn.Recurrence<Tensor | nn.LSTMState> =>
  layer.forward(x, options as never);

describe.each([
  ["RNN", nn.RNN],
  ["GRU", nn.GRU],
  ["LSTM", nn.LSTM],
] as const)("%s of three layers", (name, Kind) => {
  const stacked = (options: nn.RecurrentOptions = {}): Layer => {
    seed(4);
    return new Kind(3, 8, { layers: 3, ...options });
  };

  test("is three layers one after another, bit for bit, lengths and states included", () => {
    const layer = stacked();
    const single = [layer, ...layer.above].map(({ inputWeight, hiddenWeight, bias }, index) =>
      Object.assign(new Kind(index === 0 ? 3 : 8, 8), { inputWeight, hiddenWeight, bias }),
    );
    const [x, lengths] = [Tensor.randn([2, 5, 3]), [3, 5]];
    const names = name === "LSTM" ? (["hidden", "cell"] as const) : [];
    const initial = Object.fromEntries(["hidden", "cell"].map((key) => [key, Tensor.randn([3, 2, 8])]));
    const state = name === "LSTM" ? initial : initial.hidden;
    const { output, state: last } = forward(layer, x, { lengths, state });
    let expected = x;
    const ends: Tensor[][] = [];
    for (const [index, each] of single.entries()) {
      const of = (tensor: Tensor): Tensor => tensor.slice(index, index + 1).reshape([2, 8]);
      const own = names.length
        ? Object.fromEntries(names.map((key) => [key, of(initial[key])]))
        : of(initial.hidden);
      const run = forward(each, expected, { lengths, state: own });
      expected = run.output;
      ends.push(parts(run.state));
    }
    expect(output.data).toEqual(expected.data);
    parts(last).forEach((part, place) => {
      expect(part.shape).toEqual([3, 2, 8]);
      expect([...part.data]).toEqual(ends.flatMap((end) => [...end[place].data]));
    });
  });

  test("two pieces with the state carried are the whole; every parameter learns", () => {
    const layer = stacked();
    const x = Tensor.randn([2, 6, 3]);
    const first = forward(layer, x.slice(0, 4, 1));
    const second = forward(layer, x.slice(4, 6, 1), { state: first.state });
    const whole = forward(layer, x);
    expect([...Tensor.concat([first.output, second.output], 1).data]).toEqual([...whole.output.data]);
    second.output.sum().backward();
    const gradients = layer.namedParameters().map(([key, { grad }]) => [key, grad!.data.some(Boolean)]);
    expect(gradients).toEqual(
      ["", "above.0.", "above.1."].flatMap((path) =>
        ["inputWeight", "hiddenWeight", "bias"].map((key) => [path + key, true]),
      ),
    );
  });

  test("dropout stands between layers, in training only, and leaves the last output alone", () => {
    const layer = stacked({ dropout: 0.5 });
    const x = Tensor.randn([2, 5, 3]);
    const run = (): number[] => [...forward(layer, x).output.data];
    expect(run()).not.toEqual(run());
    expect(run().includes(0)).toBe(false);
    expect(layer.eval()).toBe(layer);
    expect(run()).toEqual(run());
    expect(run()).toEqual([...forward(stacked(), x).output.data]);
    expect(new Kind(3, 8, { dropout: 0.5 }).dropout).toBeNull();
  });

  test("a state of other layers is refused", () => {
    const wrong = Tensor.zeros([2, 4, 8]);
    const state = name === "LSTM" ? { hidden: wrong, cell: wrong } : wrong;
    expect(() => forward(stacked(), Tensor.zeros([4, 5, 3]), { state })).toThrow(
      new ShapeError(`${name}: a state [2, 4, 8] must be [layers, batch, hidden], here with 3 layers`),
    );
    expect(() => new Kind(3, 8, { layers: 0 })).toThrow(`${name}: layers must be an integer >= 1, got 0`);
    expect(() => new Kind(3, 8, { layers: 2, dropout: 2 })).toThrow(
      "Dropout: drop is a probability in [0, 1]",
    );
  });

  test("memory is level over many steps", () => {
    const layer = stacked({ dropout: 0.2 });
    const x = Tensor.randn([3, 4, 3]);
    const step = (): void =>
      Tensor.scope(() => {
        const { state } = forward(layer, x, { lengths: [4, 2, 1] });
        forward(layer, x, { state }).output.sum().backward();
      });
    step();
    step();
    const { tensors, bytes } = Tensor.memory();
    for (let i = 0; i < 5; i++) step();
    expect(Tensor.memory()).toEqual({ tensors, bytes });
  });
});
