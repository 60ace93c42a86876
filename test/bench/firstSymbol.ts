/**
 * The first-symbol memory task: of a string of random symbols, name the first, which is marked. All symbols are of one
 * alphabet, so whoever does not let the first one in, and keep the others out, knows nothing at the end.
 */
import { init, losses, nn, optim, random, Tensor, train } from "../../src/index.ts";

const SYMBOLS = 8;
const BATCH = 32;

export interface FirstSymbolOptions {
  readonly cell: Cell;
  /** Symbols in a string. */
  readonly times: number;
  readonly hidden: number;
  readonly steps: number;
  readonly seed: number;
}

/** A symbol enters as a random vector, as from an embedding: strong enough to wash away what a state holds. */
const start = { init: init.normal(0, 1) };
const cells = {
  LSTM: (inputs: number, hidden: number, times: number) =>
    new nn.LSTM(inputs, hidden, { ...start, biasInit: init.chrono(times) }),
  RNN: (inputs: number, hidden: number) => new nn.RNN(inputs, hidden, start),
};

export type Cell = keyof typeof cells;
export const cellNames: readonly Cell[] = Object.keys(cells) as Cell[];

class Reader extends nn.Module {
  readonly recurrent: nn.LSTM | nn.RNN;
  readonly output: nn.Linear;

  constructor({ cell, times, hidden }: FirstSymbolOptions) {
    super();
    this.recurrent = cells[cell](SYMBOLS + 1, hidden, times);
    this.output = new nn.Linear(hidden, SYMBOLS);
  }

  forward(symbols: Tensor): Tensor {
    const { state } = this.recurrent.forward(symbols);
    return this.output.forward(state instanceof Tensor ? state : state.hidden);
  }
}

/** Strings as one-hot rows with the mark beside them `[n, times, symbols + 1]`; each symbol is first equally often. */
function strings(
  count: number,
  times: number,
  generator: random.Generator,
): { inputs: Tensor; labels: Tensor } {
  const width = SYMBOLS + 1;
  const values = new Float32Array(count * times * width);
  const labels = Int32Array.from({ length: count }, (_, row) => row % SYMBOLS);
  for (let row = 0; row < count; row++)
    for (let t = 0; t < times; t++) {
      const symbol = t === 0 ? labels[row] : generator.integer(SYMBOLS);
      values[(row * times + t) * width + symbol] = 1;
      if (t === 0) values[row * times * width + SYMBOLS] = 1;
    }
  return { inputs: Tensor.from(values, [count, times, width]), labels: Tensor.from(labels, [count]) };
}

/** Train by Adam on new strings every step, asked after the last symbol only; answers the accuracy on other strings. */
export function firstSymbol(options: FirstSymbolOptions): number {
  const { times, steps, seed } = options;
  random.seed(seed);
  const model = new Reader(options);
  const optimizer = new optim.Adam(model.parameters(), { learningRate: 0.01, clipGradients: { norm: 1 } });
  const generator = random.generator(seed);
  for (let step = 0; step < steps; step++)
    Tensor.scope(() => {
      const { inputs, labels } = strings(BATCH, times, generator);
      optimizer.minimize(() => losses.crossEntropy(model.forward(inputs), labels));
    });
  const heldOut = random.generator(seed + 1);
  const rounds = 32;
  let sum = 0;
  for (let round = 0; round < rounds; round++)
    sum += Tensor.noGrad(() =>
      Tensor.scope(() => {
        const { inputs, labels } = strings(BATCH, times, heldOut);
        return train.accuracy(model.forward(inputs), labels);
      }),
    );
  return sum / rounds;
}
