import { expect, test } from "vitest";
import * as losses from "../../src/losses/index.ts";
import * as nn from "../../src/nn/index.ts";
import * as optim from "../../src/optim/index.ts";
import { generator, seed } from "../../src/random/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";
import * as train from "../../src/train/index.ts";

/** Digits 1 to 6; 0 begins and ends what the decoder writes. */
const [START, SYMBOLS, LONGEST] = [0, 7, 5];

/** Reads digits of several lengths into a state, from which a second LSTM writes: sequence to sequence. */
class Reverser extends nn.Module {
  embedding = new nn.Embedding(SYMBOLS, 16);
  encoder = new nn.LSTM(16, 48);
  decoder = new nn.LSTM(16, 48);
  output = new nn.Linear(48, SYMBOLS);

  encode(digits: Tensor, lengths: readonly number[]): nn.LSTMState {
    return this.encoder.forward(this.embedding.forward(digits), { lengths }).state;
  }

  /** One step or all: in training it reads the right answer, one step late (teacher forcing). */
  forward(written: Tensor, options: { state: nn.LSTMState }): nn.Recurrence<nn.LSTMState> {
    const { output, state } = this.decoder.forward(this.embedding.forward(written), options);
    const [batch, times, size] = output.shape;
    return {
      output: this.output.forward(output.reshape([-1, size])).reshape([batch, times, SYMBOLS]),
      state,
    };
  }
}

interface Pairs {
  readonly digits: Int32Array[];
  readonly lengths: number[];
  readonly inputs: Tensor;
  /** What the decoder reads and what it is to write, with −100 behind the end. */
  readonly written: Tensor;
  readonly labels: Tensor;
}

function pairs(count: number, source: ReturnType<typeof generator>): Pairs {
  const digits = Array.from({ length: count }, () =>
    Int32Array.from({ length: 1 + source.integer(LONGEST) }, () => 1 + source.integer(SYMBOLS - 1)),
  );
  const rows = (width: number, fill: number, row: (each: Int32Array) => ArrayLike<number>): Tensor => {
    const values = new Int32Array(count * width).fill(fill);
    digits.forEach((each, index) => values.set(row(each), index * width));
    return Tensor.from(values, [count, width]);
  };
  return {
    digits,
    lengths: digits.map(({ length }) => length),
    inputs: rows(LONGEST, 0, (each) => each),
    written: rows(LONGEST + 1, 0, (each) => [START, ...each.toReversed()]),
    labels: rows(LONGEST + 1, -100, (each) => [...each.toReversed(), START]),
  };
}

test("sequence to sequence: an encoder and a decoder learn to reverse, with teacher forcing, and then write alone", () => {
  seed(1);
  const source = generator(2);
  const model = new Reverser();
  const optimizer = new optim.Adam(model.parameters(), { learningRate: 0.01, clipGradients: { norm: 1 } });
  for (let step = 0; step < 500; step++)
    Tensor.scope(() => {
      const { inputs, lengths, written, labels } = pairs(64, source);
      optimizer.minimize(() => {
        const { output } = model.forward(written, { state: model.encode(inputs, lengths) });
        return losses.crossEntropy(output, labels);
      });
    });
  const { digits, lengths, inputs } = pairs(100, source);
  let right = 0;
  Tensor.scope(() =>
    Tensor.noGrad(() => {
      for (const [index, each] of digits.entries()) {
        const state = model.encode(inputs.slice(index, index + 1), [lengths[index]]);
        const options = { start: [START], end: START, length: 2 * LONGEST, temperature: 0, state };
        if (train.generate(model, options).join() === each.toReversed().join()) right++;
      }
    }),
  );
  expect(right).toBeGreaterThanOrEqual(90);
});
